import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idsNamedBy } from '../../../src/flow/forward/named-objects.ts'

for (const [path, query, ids] of [
  ['/responses/resp_1', '', ['resp_1']],
  ['/responses/resp_1/input_items', '?after=msg_1&limit=5', ['resp_1', 'msg_1']],
  ['/responses/resp_1/input_items', '?after=+msg_1', ['resp_1', ' msg_1', 'msg_1']],
  ['/chat/completions', '?after=chatcmpl_1%253Fx', ['chatcmpl_1%3Fx', 'chatcmpl_1?x', 'chatcmpl_1']],
  ['/conversations/conv_1/items/msg_1', '', ['conv_1', 'msg_1']],
  ['/responses/resp_1%20', '', ['resp_1 ', 'resp_1']],
  ['/responses/resp_1%3Fx', '', ['resp_1?x', 'resp_1']],
  ['/responses/resp_1;x=1', '', ['resp_1;x=1', 'resp_1']],
  ['/responses/resp%255F1', '', ['resp%5F1', 'resp_1']],
  ['/responses/a%252Fresp_1', '', ['a%2Fresp_1', 'a', 'resp_1']],
] as const) {
  test(`every id that an upstream may read in ${path}${query} is found`, () => {
    assert.deepEqual(idsNamedBy({ path, query }), ids)
  })
}

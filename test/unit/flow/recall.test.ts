import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstHolderOf } from '../../../src/flow/recall.ts'

const asking = { key: { team: { name: 'research' } } }
const placed = { live: { upstream: () => undefined } }

/** Which ids were waited for, given ids nobody has seen. */
async function awaited(ids: readonly string[]): Promise<readonly string[]> {
  const waited: string[] = []
  const holders = {
    remember() {},
    async holderOf(id: string, isAwaited: boolean) {
      if (isAwaited) waited.push(id)
      return undefined
    },
  }
  const found = await firstHolderOf({ holders }, placed, asking, { ids, code: 'object_not_found' })
  assert.equal(found, undefined)
  return waited
}

test('only one of many unknown ids is waited for: that wait gives replicas time for all of them', async () => {
  assert.deepEqual(await awaited(['msg_1', 'msg_2', 'msg_3']), ['msg_1'])
  assert.deepEqual(await awaited([]), [])
})

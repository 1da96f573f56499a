import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileReadBy, idsNamedBy, listsKept } from '../../../src/flow/forward/named-objects.ts'
import { methodsOf, operationOf } from '../../../src/flow/forward/operation.ts'

/** Endpoint and billing, or the failure's code. */
function told(method: string, path: string): string {
  const operation = operationOf(method, path)
  return 'code' in operation ? operation.code : `${operation.endpoint} ${operation.billing}`
}

const TOLD = [
  ['POST', '/embeddings', 'embeddings tokens'],
  ['POST', '/embe%64dings', 'embeddings tokens'],
  ['POST', '/embeddings/', 'embeddings tokens'],
  ['POST', '/completions', 'completions tokens'],
  ['POST', '/moderations', 'moderations free'],
  ['POST', '/images/edits', 'images tokens'],
  ['POST', '/audio/speech', 'audio tokens'],
  ['GET', '/audio/voices', 'audio free'],
  ['POST', '/audio/voices', 'audio unpriced'],
  ['POST', '/files', 'files free'],
  ['POST', '/uploads/upload_1/parts', 'uploads free'],
  ['POST', '/batches', 'batches unpriced'],
  ['GET', '/batches/batch_1', 'batches free'],
  ['POST', '/batches/batch_1/cancel', 'batches free'],
  ['POST', '/threads/t/runs/r/cancel', 'assistants free'],
  ['POST', '/fine_tuning/jobs', 'fine_tuning unpriced'],
  ['DELETE', '/models/ft:gpt-4o:a', 'fine_tuning free'],
  ['POST', '/threads/t/runs', 'assistants unpriced'],
  ['POST', '/vector_stores/v/search', 'vector_stores unpriced'],
  ['GET', '/chat/completions', 'chat free'],
  ['POST', '/chat/completions/chatcmpl-1', 'chat free'],
  ['GET', '/responses/resp_1', 'responses free'],
  ['POST', '/responses/resp_1/cancel', 'responses free'],
  ['POST', '/responses/input_tokens', 'responses free'],
  ['POST', '/conversations', 'responses free'],
  ['PUT', '/constructor', 'other unpriced'],
  ['GET', '/realtime/sessions', 'other free'],
  // Routed endpoints are not forwarded unrouted, however they are spelt.
  ['POST', '/chat/completions', 'unknown_url'],
  ['POST', '//chat//completions/', 'unknown_url'],
  ['POST', '/chat%2Fcompletions', 'unknown_url'],
  ['POST', '/responses', 'unknown_url'],
  ['POST', '/responses/compact', 'unknown_url'],
  // Nor are look-alikes of known endpoints: an upstream might accept them, without a hold or any check here.
  ['POST', '/responses/Compact', 'unknown_url'],
  ['POST', '/responses/Input_Tokens', 'unknown_url'],
  ['POST', '/audio/Speech', 'unknown_url'],
  ['POST', '/audio/transcriptions;x', 'unknown_url'],
  ['POST', '/images;x/generations', 'unknown_url'],
  ['POST', '/v1/images/generations', 'unknown_url'],
  ['POST', '/%2565mbeddings', 'unknown_url'],
  ['POST', '/Files', 'unknown_url'],
  ['POST', '/BATCHES', 'unknown_url'],
  ['GET', '/Models', 'unknown_url'],
  ['GET', '/x/Chat/Completions', 'unknown_url'],
  ['DELETE', '/v1/responses/resp_1', 'unknown_url'],
  ['GET', '/re\u017fponses/resp_1', 'unknown_url'],
  ['GET', '/organization/usage/completions', 'other free'],
  ['GET', '/responses/resp_1%20', 'responses free'],
  ['GET', '/conversations/conv_1%3Fx', 'responses free'],
  ['GET', '/files/a%20b/content', 'files free'],
  ['GET', '/files/..;/responses', 'invalid_request'],
  ['GET', '/files/%252e%252e/responses', 'invalid_request'],
  ['GET', '/embeddings', 'method_not_allowed'],
  ['PATCH', '/files/f', 'method_not_allowed'],
  ['GET', '/files/../chat/completions', 'invalid_request'],
  ['GET', '/files/%2e%2e/x', 'invalid_request'],
  ['GET', '/files/..%5cx', 'invalid_request'],
  ['GET', '/files/%', 'invalid_request'],
] as const

for (const [method, path, expected] of TOLD) {
  test(`${method} ${path} is ${expected}`, () => assert.equal(told(method, path), expected))
}

test('a path reveals the file and ids it names, and its allowed methods', () => {
  assert.equal(fileReadBy({ method: 'GET', path: '/files/file%2D1/content' }), 'file-1')
  assert.equal(fileReadBy({ method: 'HEAD', path: '/files/f/content' }), undefined)
  assert.equal(fileReadBy({ method: 'GET', path: '/containers/f/content' }), undefined)
  const query = '?after=msg_1&limit=20&include[]=reasoning.encrypted_content&other=resp_2'
  assert.deepEqual(idsNamedBy({ path: '/responses/resp_1/input_items', query }), [
    'resp_1',
    'msg_1',
    'resp_2',
  ])
  assert.equal(listsKept({ method: 'GET', path: '/chat/completions/' }), true)
  assert.equal(listsKept({ method: 'GET', path: '/chat/completions/chatcmpl-1' }), false)
  assert.deepEqual(methodsOf('/audio/speech'), ['POST'])
  assert.deepEqual(methodsOf('/models'), ['GET', 'HEAD', 'DELETE'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readUrl } from '../../../src/server/request-url.ts'

const READ = [
  ['/v1/files', '/files', '', undefined],
  ['/files', '/files', '', undefined],
  ['/v1/files/a%2Fb?limit=1&a[]=x&a[]=%20', '/files/a%2Fb', '?limit=1&a[]=x&a[]=%20', undefined],
  ['/v1?x', '/v1', '?x', undefined],
  ['/v1/files?', '/files', '?', undefined],
  ['/v1/files?api-version=1', '/files', '?api-version=1', undefined],
  ['http://proxy.example/v1/files?x=1', '/files', '?x=1', undefined],
  ['http://Proxy.Example:80/v1/models', '/models', '', undefined],
  ['HTTPS://user:word@proxy.example:443/v1/files/a%2Fb', '/files/a%2Fb', '', undefined],
  ['http://[::1]:8080?x=1', '/', '?x=1', undefined],
  ['http://proxy.example', '/', '', undefined],
  ['/openai/v1/embeddings?api-version=preview', '/embeddings', '', undefined],
  ['/openai/files?api-version=1&limit=2', '/files', '?limit=2', undefined],
  ['/openai/deployments/my%20gpt/chat/completions?api-version=1', '/chat/completions', '', 'my gpt'],
  ['/openai/deployments/%zz/embeddings?a=1&api-version=1&b=2', '/embeddings', '?a=1&b=2', '%zz'],
  ['*', '*', '', undefined],
] as const

for (const [url, path, query, deployment] of READ) {
  test(`${url} is ${path}${query}`, () => assert.deepEqual(readUrl(url), { path, query, deployment }))
}

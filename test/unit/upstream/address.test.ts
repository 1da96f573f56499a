import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../../src/upstream/address.ts'
import type { UpstreamSettings } from '../../../src/upstream/settings.ts'

const settings: UpstreamSettings = {
  name: 'azure',
  baseUrl: 'https://mine.openai.azure.com',
  apiKey: 'key',
  kind: 'azure',
  apiVersion: '2025-01-01',
  deployments: { 'gpt-4o': 'my gpt' },
  timeouts: { connect: 1, firstByte: 1, idle: 1, total: 1 },
  retries: 0,
}

function pathOf(path: string, model: string, more: Partial<UpstreamSettings> = {}, prefix = ''): string {
  const call = { method: 'POST', path, headers: {}, body: null, model, bearer: undefined }
  return addressOf({ ...settings, ...more }, prefix, call).path
}

test('on Azure the calls of a model go to its deployment, all others to the resource itself', () => {
  const version = 'api-version=2025-01-01'
  assert.equal(
    pathOf('/chat/completions', 'gpt-4o'),
    `/openai/deployments/my%20gpt/chat/completions?${version}`,
  )
  assert.equal(pathOf('/audio/speech?a=1', 'tts'), `/openai/deployments/tts/audio/speech?a=1&${version}`)
  assert.equal(pathOf('/responses', 'gpt-4o'), `/openai/responses?${version}`)
  assert.equal(pathOf('/files/f', ''), `/openai/files/f?${version}`)
  assert.equal(pathOf('/chat/completions/stored', ''), `/openai/chat/completions/stored?${version}`)
  assert.equal(pathOf('/files', '', {}, '/openai/v1'), '/openai/v1/files')
})

test('whatever a client calls a model is no more than the name of a deployment', () => {
  assert.match(pathOf('/embeddings', 'constructor'), /^\/openai\/deployments\/constructor\/embeddings\?/)
  assert.match(pathOf('/embeddings', 'half \ud83d'), /^\/openai\/deployments\/half%20%EF%BF%BD\/embeddings\?/)
})

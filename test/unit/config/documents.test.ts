import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ENDPOINTS } from '../../../src/base/endpoint.ts'
import { CAPABILITIES } from '../../../src/base/target.ts'
import { editorSchema } from '../../../src/config/schema/editor-schema.ts'
import { settingRows } from './setting-rows.ts'

const page = readFileSync('docs/configuration.md', 'utf8')

test('config/trivium.schema.json is what trivium check --print-schema prints', () => {
  assert.equal(readFileSync('config/trivium.schema.json', 'utf8'), editorSchema())
})

test('the default configuration points editors at the schema', () => {
  const [first] = readFileSync('config/trivium.yaml', 'utf8').split('\n')
  assert.equal(first, '# yaml-language-server: $schema=trivium.schema.json')
})

test('docs/configuration.md has every key of the schema, with its type, default and meaning, and no other', () => {
  const written = page.split('\n').filter((line) => line.startsWith('| `'))
  assert.deepEqual(
    written,
    settingRows().map(({ row }) => row),
  )
})

test('docs/configuration.md lists every capability and every endpoint', () => {
  const listed = (label: string) => {
    const line = page.split('\n').find((candidate) => candidate.startsWith(`${label}: `))
    return [...(line ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)
  }
  assert.deepEqual(listed('Capabilities'), [...CAPABILITIES])
  assert.deepEqual(listed('Endpoints'), [...ENDPOINTS])
})

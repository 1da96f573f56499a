import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const page = readFileSync('docs/security.md', 'utf8')
const linked = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => join('docs', path))

test('whatever the page of security leads to is there', () => {
  assert.deepEqual(
    linked.filter((path) => !existsSync(path)),
    [],
  )
})

test('every test of an attack stands on it', () => {
  assert.deepEqual(
    globSync('test/security/*.test.ts').filter(
      (file) => !linked.includes(file) && !import.meta.filename.endsWith(file),
    ),
    [],
  )
})

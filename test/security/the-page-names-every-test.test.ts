import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const page = readFileSync('docs/security.md', 'utf8')
const linked = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => join('docs', path))

test('every link of docs/security.md leads to an existing file', () => {
  assert.deepEqual(
    linked.filter((path) => !existsSync(path)),
    [],
  )
})

test('docs/security.md links every test of an attack', () => {
  assert.deepEqual(
    globSync('test/security/*.test.ts').filter(
      (file) => !linked.includes(file) && !import.meta.filename.endsWith(file),
    ),
    [],
  )
})

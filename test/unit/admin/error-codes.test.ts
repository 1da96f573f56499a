import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

/** As `new Refused(404, 'team_not_found', …)` and `refuse(reply, 404, 'unknown_url', …)` state them. */
const STATED = /(?:Refused\(|refuse\(reply,)\s*(\d{3}),\s*'(\w+)'/g

test('docs/console.md lists every error code of the admin plane with its status, and no other', () => {
  const sources = globSync('src/admin/**/*.ts').map((file) => readFileSync(file, 'utf8'))
  const stated = sources.flatMap((text) =>
    [...text.matchAll(STATED)].map(([, status, code]) => `${status} ${code}`),
  )
  const [, page = ''] = readFileSync('docs/console.md', 'utf8').split('\n### Errors\n')
  const rows = [...(page.split('\n### ')[0] ?? '').matchAll(/^\| (\d{3}) \| (.+?) \|/gm)]
  const documented = rows.flatMap(([, status, codes = '']) =>
    [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => `${status} ${code}`),
  )
  assert.deepEqual(documented.toSorted(), [...new Set(stated)].toSorted())
})

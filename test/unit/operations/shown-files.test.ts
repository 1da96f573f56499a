import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownFiles } from '../../../src/operations/shown-files.ts'

const folders = { config: '/etc/trivium/trivium.yaml', candidates: '/srv/my data/candidates' }
const shown: Readonly<Record<string, string>> = {
  '/srv/my data/candidates/journal/000001.json: someone else decided':
    'journal/000001.json: someone else decided',
  '/srv/my data/candidates: holds no candidate': 'candidates: holds no candidate',
  "EACCES: permission denied, mkdir '/srv/my data/candidates/.x'": "EACCES: permission denied, mkdir '.x'",
  '/etc/trivium/trivium.yaml:3: teams: unknown key\n/etc/trivium/more/rules.yaml: no such file':
    'trivium.yaml:3: teams: unknown key\nmore/rules.yaml: no such file',
  '/opt/some where/else/rules.yaml:12: rules[3].patterns[0]: /x/ is no pattern':
    'rules.yaml:12: rules[3].patterns[0]: /x/ is no pattern',
  'no labelled rows: /var/lib/trivium/ledger.db: no such file': 'no labelled rows: ledger.db: no such file',
  'config/trivium.yaml:1: upstreams: expected': 'config/trivium.yaml:1: upstreams: expected',
  'postgres://trivium@db:5432/book: refused': 'postgres://trivium@db:5432/book: refused',
}

for (const [message, words] of Object.entries(shown)) {
  test(`over the network ${JSON.stringify(message)} is shown without folders`, () => {
    assert.equal(shownFiles(message, folders), words)
  })
}

test('a configuration in the root folder and an unknown candidates folder leave a message intact', () => {
  const message = '/trivium.yaml:1: /a or b'
  assert.equal(
    shownFiles(message, { config: '/trivium.yaml', candidates: undefined }),
    'trivium.yaml:1: /a or b',
  )
})

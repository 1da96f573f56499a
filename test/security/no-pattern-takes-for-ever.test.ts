import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** Texts on which a backtracking engine would take practically for ever, so that these tests would never end. */
const HOSTILE = [
  `${'a'.repeat(60_000)}!`,
  `${'x'.repeat(30_000)}\n`,
  ' \t'.repeat(30_000),
  'a@'.repeat(30_000),
]

test('configured rules and redaction match patterns that would hang a backtracking engine', async (t) => {
  const folder = temporaryDirectory()
  t.after(() => folder.dispose())
  const rules = join(folder.path, 'rules.yaml')
  const rule = (id: string, pattern: string) => ({
    id,
    class: 'stem_reasoning',
    weight: 0.1,
    languages: ['any'],
    reason: 'Hostile.',
    patterns: [pattern],
    example: 'aaaaaaaaaaaaaab',
    counter_example: '-',
  })
  const shipped = readFileSync('config/rules.yaml', 'utf8')
  const evil = ['(a+)+b$', '(a|aa)+b', '(a|a?)+b', '(aa*){12}b', 'a([a-z]+)*b'].map((pattern, index) =>
    rule(`evil-${index}`, pattern),
  )
  const list = evil.map((each) => `  - ${JSON.stringify(each)}\n`).join('')
  writeFileSync(rules, shipped.replace(/^rules:\n/m, `rules:\n${list}`))
  const house = await openHouse(t, {
    settings: {
      classifier: { rules },
      capture: { prompts: 'full', redact: [{ mark: 'own', pattern: '(x+x+)+y' }] },
    },
  })
  for (const content of HOSTILE) {
    const body = { model: 'auto', messages: [{ role: 'user', content }] }
    assert.equal((await askWhole(house.chatUrl, { body })).status, 200)
  }
})

test('patterns that need backtracking are refused by name', async (t) => {
  const house = await openHouse(t, { settings: { capture: { prompts: 'full' } } })
  for (const pattern of ['(a)\\1', '(?=a)b', '(?<!a)b']) {
    house.rewrite({ settings: { capture: { prompts: 'full', redact: [{ mark: 'own', pattern }] } } })
    await house.reload()
    const { checks } = JSON.parse(await (await fetch(`${house.adminUrl}/readyz`)).text())
    assert.match(checks.configuration, /refused: .*redact\[0\]\.pattern/)
  }
})

test('headers and paths of the greatest allowed length are parsed without blocking', async (t) => {
  const house = await openHouse(t)
  const long = 'a,'.repeat(3_000)
  for (const headers of [
    { 'x-trivium-route': long },
    { connection: `close, ${long}` },
    { 'content-type': `application/json; ${'x='.repeat(3_000)}` },
    { 'content-encoding': long },
    { accept: ' '.repeat(6_000) },
  ]) {
    const { status } = await askWhole(house.chatUrl, { body: { model: 'auto', messages: [] }, headers })
    assert.ok(status >= 400)
  }
  for (const path of [
    '/'.repeat(8_000),
    '%2f'.repeat(3_000),
    '/v1/models/'.repeat(700),
    `/v1/${'a/..'.repeat(2_000)}`,
  ]) {
    assert.ok((await askWhole(`${house.baseUrl}${path}`, { method: 'GET' })).status >= 400)
  }
})

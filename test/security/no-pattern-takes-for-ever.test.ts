import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
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

const EVIL = ['(a+)+b$', '(a|aa)+b', '(a|a?)+b', '(aa*){12}b', 'a([a-z]+)*b']

test('rules and redaction match patterns that would hang a backtracking engine', async (t) => {
  const house = await openHouse(t, {
    settings: {
      classifier: { rules: rulesWith(t, EVIL, '\\b') },
      capture: { prompts: 'full', redact: [{ mark: 'own', pattern: '(x+x+)+y' }] },
    },
  })
  for (const content of HOSTILE) {
    const body = { model: 'auto', messages: [{ role: 'user', content }] }
    assert.equal((await askWhole(house.chatUrl, { body })).status, 200)
  }
})

test('rules that would be tried from every character of a long word are refused, each at its line', async (t) => {
  const rules = rulesWith(t, EVIL)
  await assert.rejects(openHouse(t, { settings: { classifier: { rules } } }), ({ problems }) => {
    const lines = readFileSync(rules, 'utf8').split('\n')
    const refused = problems.map(({ line }: { line: number }) => lines[line - 1])
    assert.deepEqual(
      refused.map((line: string) => /evil-\d/.exec(line)?.[0]),
      EVIL.map((_, at) => `evil-${at}`),
    )
    return true
  })
})

/** The path of the shipped rules preceded by one for each pattern, beginning with `anchor`. */
function rulesWith(t: TestContext, patterns: readonly string[], anchor = ''): string {
  const folder = temporaryDirectory()
  t.after(() => folder.dispose())
  const path = join(folder.path, 'rules.yaml')
  const list = patterns.map((pattern, index) => ({
    id: `evil-${index}`,
    class: 'stem_reasoning',
    weight: 0.1,
    languages: ['any'],
    reason: 'Hostile.',
    patterns: [`${anchor}${pattern}`],
    example: 'aaaaaaaaaaaaaab',
    counter_example: '-',
  }))
  const flow = list.map((rule) => `  - ${JSON.stringify(rule)}\n`).join('')
  writeFileSync(path, readFileSync('config/rules.yaml', 'utf8').replace(/^rules:\n/m, `rules:\n${flow}`))
  return path
}

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

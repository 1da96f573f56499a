import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { LabelledPromptError } from '../../../src/tuning/labelled/labelled-lines.ts'
import { parallelNumber, readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'

const folder = mkdtempSync(join(tmpdir(), 'labelled-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('texts and messages are read, plain and gzipped', async () => {
  const lines =
    '{"label":"factual_recall","text":"Who?"}\n\n{"label":"stem_reasoning","messages":[{"role":"user","content":"2+2"}]}\r\n'
  const plain = await readLabelledPrompts(file('a.jsonl', lines))
  assert.deepEqual(plain[0]?.messages, [{ role: 'user', content: 'Who?' }])
  assert.equal(plain.length, 2)
  assert.deepEqual(await readLabelledPrompts(file('a.jsonl.gz', gzipSync(lines))), plain)
})

test('a byte order mark before the first line is ignored', async () => {
  const line = '{"label":"factual_recall","text":"Who?"}'
  assert.equal((await readLabelledPrompts(file('mark.jsonl', `\ufeff${line}\n${line}\n`))).length, 2)
})

// A line separator inside JSON text is text, but `node:readline` splits the line there.
test('only a line feed ends a line', async () => {
  const [prompt] = await readLabelledPrompts(
    file('b.jsonl', '{"label":"factual_recall","text":"one\u2028two"}'),
  )
  assert.equal(prompt?.messages[0]?.content, 'one\u2028two')
})

test('only a prompt whose source is named after its language has a parallel number', async () => {
  const line = (id: string, source: string, lang: string) =>
    JSON.stringify({ id, source, lang, label: 'factual_recall', text: 'Who?' })
  const lines = [line('pt-0042', 'own-pt', 'pt'), line('pt-0042', 'quiz_pt', 'pt'), line('x', 'own-pt', 'pt')]
  const prompts = await readLabelledPrompts(file('d.jsonl', lines.join('\n')))
  assert.deepEqual(prompts.map(parallelNumber), [42, undefined, undefined])
})

test('errors name file and line', async () => {
  const wrong: readonly [string, RegExp][] = [
    ['{"label":"factual_recall","text":"a"}\nnonsense', /c\.jsonl:2: is not JSON$/],
    ['{"label":"facts","text":"a"}', /c\.jsonl:1: label: /],
    ['{"label":"factual_recall"}', /c\.jsonl:1: .*has neither "messages" nor "text"$/],
    ['', /c\.jsonl: contains no prompts$/],
  ]
  for (const [content, message] of wrong) {
    await assert.rejects(readLabelledPrompts(file('c.jsonl', content)), (error) => {
      assert.ok(error instanceof LabelledPromptError)
      assert.match(error.message, message)
      return true
    })
  }
  await assert.rejects(readLabelledPrompts(join(folder, 'absent.jsonl.gz')), /absent\.jsonl\.gz: ENOENT/)
  await assert.rejects(readLabelledPrompts(file('d.jsonl.gz', 'not gzip')), /d\.jsonl\.gz: incorrect header/)
})

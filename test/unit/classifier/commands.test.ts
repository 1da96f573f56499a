import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { after, test } from 'node:test'
import { classify } from '../../../src/cli/classify.ts'
import { isExplained } from '../../../src/cli/cli.ts'
import type { Command, Io } from '../../../src/cli/command.ts'
import { evaluate } from '../../../src/cli/evaluate.ts'
import { train } from '../../../src/cli/train.ts'
import { capture } from '../cli/capture.ts'

const folder = mkdtempSync(join(tmpdir(), 'commands-'))
after(() => rmSync(folder, { recursive: true }))

async function outputOf(
  command: Command,
  args: readonly string[],
  stdin = '',
  { isTTY = false, env = {} }: { readonly isTTY?: boolean; readonly env?: Io['env'] } = {},
): Promise<string> {
  const stdout = Object.assign(new PassThrough(), { isTTY })
  const stderr = new PassThrough()
  const written: Buffer[] = []
  stdout.on('data', (chunk: Buffer) => written.push(chunk))
  const code = await command.run(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
    env,
  })
  assert.equal(code, 0)
  return Buffer.concat(written).toString('utf8')
}

test('classify prints one line, or one object with --json', async () => {
  assert.match(await outputOf(classify, ['Who wrote Moby-Dick?']), /^factual_recall {2}\d+\.\d % {2}\S+\n$/)
  const answer: unknown = JSON.parse(await outputOf(classify, ['--json', '-'], 'Who wrote Moby-Dick?'))
  assert.ok(typeof answer === 'object' && answer !== null)
  assert.deepEqual(Object.keys(answer), ['class', 'confidence', 'cause', 'probabilities'])
})

test('classify --jsonl answers line by line, in order', async () => {
  const lines =
    '{"id":"a","text":"Who wrote Moby-Dick?"}\n{"id":7,"messages":[{"role":"user","content":"61+11="}],"tools":[]}'
  const answers = (await outputOf(classify, ['--jsonl'], lines)).trim().split('\n')
  assert.match(answers[0] ?? '', /^\{"id":"a","class":"factual_recall","confidence":/)
  assert.match(answers[1] ?? '', /^\{"id":7,"class":"stem_reasoning",.*"cause":"rule:bare-arithmetic"/)
  assert.equal(answers.length, 2)
  const responses = '{"input":[{"role":"user","content":[{"type":"input_text","text":"61+11="}]}]}'
  assert.match(await outputOf(classify, ['--jsonl'], responses), /^\{"class":"stem_reasoning"/)
  const without = '{"messages":null,"text":"61+11="}'
  assert.match(await outputOf(classify, ['--jsonl'], without), /^\{"class":"stem_reasoning"/)
  await assert.rejects(
    outputOf(classify, ['--jsonl'], '{"input":{"a":1}}'),
    /needs "messages", "text" or "input"/,
  )
})

test('classify and evaluate write bold to a terminal only, and not where NO_COLOR is set', async () => {
  const file = join(folder, 'one.jsonl')
  writeFileSync(file, '{"text":"61+11=","label":"stem_reasoning"}\n')
  for (const [command, args] of [
    [classify, ['--explain', '61+11=']],
    [evaluate, [file]],
  ] as const) {
    const bold = async (terminal: Parameters<typeof outputOf>[3]) =>
      (await outputOf(command, args, '', terminal)).includes('\u001b[1m')
    assert.equal(await bold({ isTTY: true }), true)
    assert.equal(await bold({ isTTY: true, env: { NO_COLOR: '1' } }), false)
    assert.equal(await bold({ isTTY: false }), false)
  }
})

test('classify --explain shows class, words read, rules and versions', async () => {
  const page = await outputOf(classify, ['--explain', 'Write a short poem about autumn leaves'])
  assert.match(page, /^language_heavy .* sure, because /)
  assert.match(page, /Read 38 of 38 characters/)
  assert.match(page, /\+1\.90 language_heavy {2}write-en: Asks for a text\./)
  assert.match(page, /rules [0-9a-f]{12} · weights [0-9a-f]{12}/)
})

test('train writes weights that evaluate can use', async () => {
  const file = join(folder, 'made-up.jsonl')
  const line = (label: string, text: string, source: string) =>
    JSON.stringify({ label, text, source, lang: 'en' })
  const rows = Array.from({ length: 10 }, (_, place) => `source${place % 2}_x`).flatMap((source) => [
    line('stem_reasoning', 'Calculate 3 times 4', source),
    line('factual_recall', 'Who was the king of Spain?', source),
    line('language_heavy', 'Write a song about rain', source),
  ])
  writeFileSync(file, rows.join('\n'))
  const out = join(folder, 'made-up.bin')
  const report: unknown = JSON.parse(await outputOf(train, [file, '--out', out, '--json']))
  assert.ok(typeof report === 'object' && report !== null && 'rows' in report)
  assert.equal(report.rows, 30)
  const figures: unknown = JSON.parse(await outputOf(evaluate, [file, '--weights', out, '--json']))
  assert.ok(typeof figures === 'object' && figures !== null && 'accuracy' in figures)
  assert.equal(figures.accuracy, 1)
  assert.match(await outputOf(evaluate, [file]), /^30 prompts · macro-F1 /)
})

test('train refuses data that nothing can be learnt from, and writes nothing', async () => {
  const file = join(folder, 'few.jsonl')
  const out = join(folder, 'few.bin')
  const refused = async (labels: readonly string[]) => {
    writeFileSync(file, labels.map((label) => JSON.stringify({ label, text: 'words' })).join('\n'))
    const io = capture()
    assert.equal(await train.run([file, '--out', out], io), 1)
    assert.ok(!existsSync(out))
    return io.err()
  }
  const none = await refused(['stem_reasoning', 'factual_recall', 'language_heavy'])
  assert.equal(none, 'trivium train: 3 prompts with text are too few to learn from; give at least 30\n')
  assert.equal(
    await refused(Array.from({ length: 40 }, () => 'factual_recall')),
    'trivium train: no prompt is labelled stem_reasoning or language_heavy; give some of each\n',
  )
})

test('a wrong call gives a usage error of one line', async () => {
  const wrong: readonly [Command, readonly string[], RegExp][] = [
    [classify, ['--loud', 'hello'], /--loud/],
    [classify, [], /give one text/],
    [classify, ['hello', '--rules', join(folder, 'absent.yaml')], /absent\.yaml: no such file$/],
    [evaluate, [], /give one labelled file/],
    [evaluate, [join(folder, 'absent.jsonl')], /absent\.jsonl: no such file$/],
    [evaluate, [folder], /commands-\w+: a directory, not a file$/],
    [train, [join(folder, 'absent.gz'), '--out', 'x'], /absent\.gz: no such file$/],
    [train, ['a.jsonl'], /--out FILE is missing/],
  ]
  for (const [command, args, message] of wrong) {
    await assert.rejects(outputOf(command, args), (error) => {
      assert.ok(isExplained(error))
      assert.match(error.message, message)
      assert.ok(!error.message.includes('\n'))
      return true
    })
  }
})

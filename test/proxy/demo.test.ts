import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import OpenAI from 'openai'
import { z } from 'zod'
import { widthOf } from '../../src/cli/demo/text-width.ts'

const Row = z.object({ outcome: z.string(), cost_nusd: z.number().nullable() })
const Result = z.strictObject({
  requests: z.array(z.strictObject({ group: z.string(), prompt: z.string(), row: Row })),
  cost_nusd: z.number(),
  baseline_nusd: z.number(),
  billed_nusd: z.number(),
  unexpected: z.array(z.string()),
  running: z.object({ base_url: z.string(), api_key: z.string() }),
})

interface Run {
  readonly child: ChildProcess
  readonly printed: { stdout: string; stderr: string }
  readonly exited: Promise<unknown[]>
}

/** The demo as a user runs it, but without a key, colours or a terminal. */
function runDemo(...args: readonly string[]): Run {
  const child = spawn(process.execPath, ['src/main.ts', 'demo', ...args], { env: { PATH: process.env.PATH } })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => {
    printed.stdout += bytes
  })
  child.stderr.on('data', (bytes) => {
    printed.stderr += bytes
  })
  return { child, printed, exited: once(child, 'close') }
}

test('the demo shows every class, a refusal and the savings, and its books agree', async () => {
  const { printed, exited } = runDemo()
  const [code] = await exited
  assert.equal(printed.stderr, '')
  assert.equal(code, 0)
  const lines = printed.stdout.split('\n')
  for (const [promptClass, model] of [
    ['stem_reasoning', 'o1-mini'],
    ['factual_recall', 'gpt-4o-mini'],
    ['language_heavy', 'gpt-4o'],
  ]) {
    assert.match(printed.stdout, new RegExp(`${promptClass}  \\d\\.\\d\\d  ${model} `))
  }
  assert.match(printed.stdout, /refused {6}insufficient_quota/)
  assert.match(printed.stdout, /Saved \$0\.\d{6}, \d+ %\./)
  const [, rows, billed] = /rows sum to \$(\S+); the simulator billed \$(\S+)\./.exec(printed.stdout) ?? []
  assert.ok(rows !== undefined && rows === billed)
  assert.ok(lines.every((line) => widthOf(line) <= 120))
})

test('--keep serves the proxy and console, with the printed key and token, until interrupted', async () => {
  const { child, printed, exited } = runDemo('--keep')
  while (!printed.stdout.includes('console: ')) {
    await Promise.race([once(child.stdout ?? child, 'data'), exited])
    assert.equal(child.exitCode, null, printed.stderr)
  }
  const baseURL = /OPENAI_BASE_URL=(\S+)/.exec(printed.stdout)?.[1] ?? ''
  const apiKey = /OPENAI_API_KEY=(\S+)/.exec(printed.stdout)?.[1] ?? ''
  const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 })
  const answer = await client.chat.completions.create({
    model: 'auto',
    messages: [{ role: 'user', content: 'What is the capital of Australia?' }],
  })
  assert.match(answer.choices[0]?.message.content ?? '', /Canberra/)
  const [, page, token] = /console: (\S+) {2}\(sign in with "(.+)"\)/.exec(printed.stdout) ?? []
  const session = await fetch(`${page}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  assert.equal(session.status, 200)
  child.kill('SIGINT')
  assert.deepEqual(await exited, [0, null])
})

test('--json prints one object with every request and its row, and with --keep how to reach what runs', async () => {
  const { child, printed, exited } = runDemo('--json', '--keep')
  while (!printed.stdout.includes('\n')) {
    await Promise.race([once(child.stdout ?? child, 'data'), exited])
    assert.equal(child.exitCode, null, printed.stderr)
  }
  const { requests, unexpected, running, ...sums } = Result.parse(JSON.parse(printed.stdout))
  assert.deepEqual(unexpected, [])
  assert.deepEqual(new Set(requests.map(({ row }) => row.outcome)), new Set(['ok', 'refused']))
  assert.equal(
    requests.reduce((sum, { row }) => sum + (row.cost_nusd ?? 0), 0),
    sums.cost_nusd,
  )
  assert.equal(sums.cost_nusd, sums.billed_nusd)
  assert.ok(sums.baseline_nusd > sums.cost_nusd)
  const client = new OpenAI({ baseURL: running.base_url, apiKey: running.api_key, maxRetries: 0 })
  assert.ok((await client.models.list()).data.length > 0)
  child.kill('SIGINT')
  assert.deepEqual(await exited, [0, null])
})

test('an unknown option is a one-line usage error', async () => {
  const { printed, exited } = runDemo('--keeep')
  assert.deepEqual(await exited, [2, null])
  assert.match(printed.stderr, /^[^\n]*--keeep[^\n]*\n$/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from '../../src/cli/cli.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { prepareHouse, readRows } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody } from '../support/written-upstream.ts'
import { capture } from '../unit/cli/capture.ts'

/**
 * Ends a line and starts one like ours; moves the cursor up; reverses text; sets the terminal's title; hides
 * text.
 */
const FORGED =
  'gpt-4o\n{"level":30,"msg":"FORGED"}\r\x1b[1A\x1b[2K\u202eFORGED\x1b]0;FORGED\x07\u2028FORGED\x9b2J'

test('every log line stays one object of ours, whatever names a client sends', async (t) => {
  const { config, database, close } = await prepareHouse({
    settings: { log: { level: 'trace' } },
    team: { endpoints: ['chat', 'models', 'embeddings', 'files', 'other'] },
  })
  t.after(close)
  const served = startServe(t, ['--config', config])
  const base = await listening(served)
  const bodies = [
    chatBody({ model: FORGED }),
    chatBody({ user: FORGED }),
    chatBody({ model: 'auto', metadata: { a: FORGED } }),
  ]
  for (const body of bodies) await askWhole(`${base}/chat/completions`, { body })
  await askWhole(`${base}/embeddings`, { body: { model: FORGED, input: 'x' } })
  for (const path of ['files', 'models', FORGED]) {
    await askWhole(`${base}/${path}/${encodeURIComponent(FORGED)}`, { method: 'GET' })
  }
  await askWhole(`${base}/chat/completions`, {
    body: chatBody(),
    headers: { 'user-agent': 'FORGED \\n {"level":30}' },
  })
  await eventually(
    () => readRows(database).some(({ requested_model }) => requested_model === FORGED) || undefined,
  )
  served.child.kill('SIGTERM')
  await served.exited
  const lines = (served.printed.stdout + served.printed.stderr).split('\n').filter((line) => line !== '')
  for (const line of lines) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f]/)
    if (!/^(Trivium listens|Admin token|Finishing requests)/.test(line))
      assert.equal(typeof JSON.parse(line).level, 'number')
  }

  const [row] = readRows(database).filter(({ requested_model }) => requested_model === FORGED)
  for (const args of [['ledger', row?.id ?? ''], ['ledger'], ['spend', '--by', 'model']]) {
    const io = capture()
    assert.equal(await runCli([...args, '--store', database], io), 0, io.err())
    for (const line of io.out().split('\n')) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/)
      assert.doesNotMatch(line, /^\s*(FORGED|\{"level")/)
    }
  }
})

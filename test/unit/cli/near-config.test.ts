import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { sample } from '../config/sample.ts'
import { capture } from './capture.ts'

const CONFIG = sample('teams:\n  physics: {}\nstore: { sqlite: book.db }\n')

// With the package installed and no file named, keys used to be created in the package's own files, and the ledger
// that was read was not the user's.
test('a command without --config uses the configuration of the current folder', async (t) => {
  const [folder, home] = [temporaryDirectory(), process.cwd()]
  t.after(() => {
    process.chdir(home)
    folder.dispose()
  })
  process.chdir(folder.path)
  writeFileSync('trivium.yaml', CONFIG)
  await says(
    'keys create --team physics --id ci',
    0,
    /trivium\.yaml keeps only its SHA-256\n.* no ledger yet \(book\.db\)/,
  )
  assert.match(readFileSync('trivium.yaml', 'utf8'), /id: ci/)
  for (const call of ['spend', 'ledger', 'label --next 1', 'export'])
    await says(call, 2, /: book\.db: no such file/)

  mkdirSync('config')
  writeFileSync(join('config', 'trivium.yaml'), CONFIG.replace('book', 'nearer'))
  await says('spend', 2, /: nearer\.db: no such file/)
  await says('spend --config trivium.yaml', 2, /book\.db: no such file/)
  await says('spend --store named.db', 2, /: named\.db: no such file/)
})

// Each of these commands asked for the upstreams' keys, and compiled the rules.
test('to find the ledger of a configuration only its location has to be in the environment', async (t) => {
  const { path, dispose } = temporaryDirectory()
  t.after(dispose)
  const config = join(path, 'trivium.yaml')
  const call = `spend --config ${config}`
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const text = CONFIG.replace('secret', '"${OPENAI_API_KEY}"')
  writeFileSync(config, text)
  await says(call, 2, /: book\.db: no such file/)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  writeFileSync(config, text.replace('book.db', '"${BOOK}"'))
  await says(call, 2, /store\.sqlite: environment variable BOOK is not set$/m)
  writeFileSync(config, text.replace('sqlite', 'sqllite'))
  await says(call, 2, /store\.sqllite: unknown key; did you mean "sqlite"\?$/m)
})

test('without a configuration the default ledger is used, and a placeholder key is refused', async (t) => {
  const [folder, home] = [temporaryDirectory(), process.cwd()]
  t.after(() => {
    process.chdir(home)
    folder.dispose()
  })
  process.chdir(folder.path)
  await says('spend', 2, /: data\/trivium\.db: no such file/)
  writeFileSync('trivium.yaml', CONFIG.replace('secret', 'sk-…'))
  await says('check --offline', 2, /api_key: is still the placeholder .*: replace it with your own key\n$/)
})

async function says(call: string, code: number, words: RegExp): Promise<void> {
  const io = capture()
  assert.equal(await runCli(call.split(' '), io), code, io.err())
  assert.match(io.err(), words)
}

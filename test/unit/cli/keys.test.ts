import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { UsageError } from '../../../src/cli/command.ts'
import { keys } from '../../../src/cli/keys.ts'
import { readKeys } from '../../../src/config/file/key-file.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { createSqliteAuditLog } from '../../../src/ledger/sqlite/audit-log.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { sample, write } from '../config/sample.ts'
import { capture } from './capture.ts'

const STORE = 'sqlite: nowhere/trivium.db'
/** Names a ledger that does not exist, so that tests never write to a developer's own audit log. */
const shipped = readFileSync('config/trivium.yaml', 'utf8').replace(/sqlite: \S+/, STORE)

test('creates a key that works, prints it once and stores only its hash', async (t) => {
  const config = write(t, shipped)
  const io = capture()
  assert.equal(await keys.run(['create', '--team', 'default', '--id', 'ci', '--config', config], io), 0)
  const key = io.out().trim()
  assert.match(key, /^sk-trivium-[\w-]{43}$/)
  const written = readFileSync(config, 'utf8')
  assert.ok(!written.includes(key) && !io.err().includes(key))
  const [held] = loadConfig(config, { OPENAI_API_KEY: 'x' }).settings.teams.default?.keys ?? []
  assert.equal(held?.id, 'ci')
  assert.equal(held?.sha256, createHash('sha256').update(key).digest('hex'))
})

test('leaves every other line as it was', async (t) => {
  const config = write(t, shipped)
  await keys.run(['create', '--team', 'default', '--expires', '2030-01-01', '--config', config], capture())
  const added = readFileSync(config, 'utf8').split('\n')
  const original = shipped.split('\n')
  const extra = added.filter((line) => !original.includes(line))
  assert.equal(extra.length, 2)
  assert.deepEqual(
    added.filter((line) => !extra.includes(line)),
    original,
  )
})

test('needs no secret from the environment, keeps file mode and symlink, leaves no temporary file', async (t) => {
  const config = write(t, shipped)
  chmodSync(config, 0o640)
  const link = join(dirname(config), 'link.yaml')
  symlinkSync(config, link)
  await keys.run(['create', '--team', 'default', '--config', link], capture())
  assert.ok(lstatSync(link).isSymbolicLink())
  assert.equal(statSync(config).mode & 0o777, 0o640)
  assert.deepEqual(readdirSync(dirname(config)).sort(), ['link.yaml', 'trivium.yaml'])
})

test('creating a key keeps the file’s mode and owner, whatever the umask, also as root', async (t) => {
  const config = write(t, shipped)
  chmodSync(config, 0o666)
  if (process.getuid?.() === 0) chownSync(config, 65_534, 65_534)
  const before = statSync(config)
  await keys.run(['create', '--team', 'default', '--config', config], capture())
  const { mode, uid, gid } = statSync(config)
  assert.deepEqual([mode, uid, gid], [before.mode, before.uid, before.gid])
})

test('on a full disk no key is created, the file is unchanged, and one line says so', (t) => {
  const config = write(t, shipped)
  const making = [process.execPath, 'src/main.ts', 'keys', 'create', '--team', 'default', '--config', config]
  const { status, stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -f 1 && exec "$@"', 'sh', ...making],
    {
      encoding: 'utf8',
    },
  )
  assert.deepEqual([status, stdout], [2, ''])
  assert.equal(stderr, `trivium keys: ${config}: cannot be written: EFBIG; it is unchanged\n`)
  assert.equal(readFileSync(config, 'utf8'), shipped)
  assert.deepEqual(readdirSync(dirname(config)), ['trivium.yaml'])
})

const shapes: Readonly<Record<string, string>> = {
  'a team with nothing behind it': 'teams:\n  a:   # nobody yet\nlog: { level: info }\n',
  'a team that is null': 'teams: { a: ~ }\n',
  'a team in braces': 'teams:\n  a: { routing: off } # c\n  b: {}\n',
  'an empty team in braces': 'teams: {a: {}}\n',
  'an empty list': 'teams:\n  a:\n    keys: []   # none\n    routing: off\n',
  'a list with nothing behind it': 'teams:\n  a:\n    keys:\n    routing: off\n',
  'a list in brackets': 'teams:\n  a:\n    keys: [{ id: x, sha256: f }]\n',
  'a list in lines with comments':
    'teams:\n  a:\n    # above\n    keys:\n      # first\n      - id: x\n        sha256: f # its hash\n      # last\n    routing: off # behind\n\n# end\n',
  'a list without indentation': 'teams:\n  a:\n    keys:\n    - id: x\n      sha256: f\n\nlog: {}\n',
}

for (const [name, text] of Object.entries(shapes)) {
  test(`adds keys to and removes keys from ${name}`, async (t) => {
    const config = write(t, text)
    const before = readKeys(config).get('a') ?? []
    for (const id of ['one', 'two']) {
      await keys.run(['create', '--team', 'a', '--id', id, '--config', config], capture())
    }
    const ids = () =>
      readKeys(config)
        .get('a')
        ?.map((key) => key.id)
    assert.deepEqual(ids(), [...before.map((key) => key.id), 'one', 'two'])
    for (const comment of text.match(/# \w+/g) ?? []) {
      assert.equal(readFileSync(config, 'utf8').split(comment).length, 2, `${comment} stands once`)
    }
    for (const id of ['one', 'two']) {
      assert.equal(await keys.run(['revoke', '--team', 'a', '--id', id, '--config', config], capture()), 0)
    }
    assert.deepEqual(readKeys(config).get('a'), before)
  })
}

test('a file with the line ends of Windows keeps them', async (t) => {
  const text = 'teams:\r\n  a:\r\n    routing: off # r\r\n  b: {}\r\n'
  const config = write(t, text)
  const change = (action: string) =>
    keys.run([action, '--team', 'a', '--id', 'one', '--config', config], capture())
  await change('create')
  await change('rotate')
  assert.doesNotMatch(readFileSync(config, 'utf8'), /[^\r]\n/)
  await change('revoke')
  assert.equal(readFileSync(config, 'utf8'), text.replace('    routing', '    keys: []\r\n    routing'))
})

test('eight keys created at once all work', async (t) => {
  const config = write(t, shipped)
  const args = ['src/main.ts', 'keys', 'create', '--team', 'default', '--config', config]
  const printed = await Promise.all(
    Array.from({ length: 8 }, () => promisify(execFile)(process.execPath, args)),
  )
  const hashes = printed.map(({ stdout }) => createHash('sha256').update(stdout.trim()).digest('hex'))
  const held = readKeys(config).get('default') ?? []
  assert.deepEqual(held.map(({ sha256 }) => sha256).sort(), hashes.sort())
})

const shared: Readonly<Record<string, string>> = {
  'a team that is another one': 'teams:\n  b: &b { routing: off }\n  a: *b\n',
  'a team that others are': 'teams:\n  b: {}\n  a: &a { keys: [] }\n  c: *a\n',
  'a team whose lines others have': 'teams:\n  b: {}\n  a: &a\n    routing: off\n  c: *a\n',
  'keys from elsewhere': 'x: &k []\nteams:\n  a: { keys: *k }\n',
  'keys that others have': 'teams:\n  b: {}\n  a: { keys: &k [{ id: x, sha256: f }] }\n  c: { keys: *k }\n',
  'a key from elsewhere': 'x: &x { id: x, sha256: f }\nteams:\n  a: { keys: [*x] }\n',
  'a hash from elsewhere': 'x: &x f\nteams:\n  a: { keys: [{ id: x, sha256: *x }] }\n',
  'teams from elsewhere': 'x: &x\n  a: {}\nteams: *x\n',
}

for (const [name, text] of Object.entries(shared)) {
  test(`refuses to edit ${name}, naming the line`, async (t) => {
    const config = write(t, text)
    await assert.rejects(
      async () => keys.run(['create', '--team', 'a', '--config', config], capture()),
      (error) =>
        error instanceof UsageError &&
        /^\S+:\d: teams\.a: is written with a YAML anchor or alias; edit its keys by hand$/.test(
          error.message,
        ) &&
        text.split('\n')[Number(/:(\d):/.exec(error.message)?.[1]) - 1]?.includes('a:') === true,
    )
    assert.equal(readFileSync(config, 'utf8'), text)
  })
}

test('adds a key to a team that shares something other than keys', async (t) => {
  const config = write(t, 'teams:\n  b: { limits: &l { concurrent: 2 } }\n  a: { limits: *l }\n')
  assert.equal(await keys.run(['create', '--team', 'a', '--id', 'k', '--config', config], capture()), 0)
  assert.deepEqual(
    readKeys(config)
      .get('a')
      ?.map(({ id }) => id),
    ['k'],
  )
})

test('lists keys and says which have expired', async (t) => {
  const config = write(
    t,
    'teams:\n  a: { keys: [{ id: old, sha256: aaaaaaaaaaaaaaaaaaa, expires: 2020-01-01 }, { id: new, sha256: b }] }\n',
  )
  const io = capture()
  assert.equal(await keys.run(['list', '--config', config], io), 0)
  assert.deepEqual(io.out().trimEnd().split('\n'), [
    'a/old  aaaaaaaaaaaa…  expired 2020-01-01',
    'a/new  b…  does not expire',
  ])
  const json = capture()
  await keys.run(['list', '--json', '--config', config], json)
  assert.deepEqual(JSON.parse(json.out().split('\n')[0] ?? ''), {
    team: 'a',
    id: 'old',
    sha256: 'aaaaaaaaaaaaaaaaaaa',
    expires: '2020-01-01',
    expired: true,
  })
})

test('exits with 1 when there is no such key to revoke', async (t) => {
  const config = write(t, 'teams: { a: {} }\n')
  const io = capture()
  assert.equal(await keys.run(['revoke', '--team', 'a', '--id', 'k', '--config', config], io), 1)
  assert.match(io.err(), /no key a\/k in/)
})

// "key a/k is revoked" was all it said, while every server went on with the file it had loaded before.
test('says that servers keep their keys if the file has a fault, and nothing of the kind if it has none', async (t) => {
  const revoke = async (text: string) => {
    const io = capture()
    const config = write(t, text)
    assert.equal(await keys.run(['revoke', '--team', 'default', '--id', 'k', '--config', config], io), 0)
    return io.err()
  }
  const whole = shipped.replace(/^ {2}default:\n/m, `$&    keys: [{ id: k, sha256: ${'a'.repeat(64)} }]\n`)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const elsewhere = whole.replace(/listen: \S+/, 'listen: ${SET_ON_THE_SERVER}')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const routed = whole.replace('[gpt-4o-mini,', '["${SET_ON_THE_SERVER}",')
  for (const text of [whole, elsewhere, routed]) assert.doesNotMatch(await revoke(text), /running servers/)
  const kept = 'running servers keep the keys they have until this is mended:'
  assert.match(
    await revoke(`${whole}\nsever: {}\n`),
    new RegExp(`^${kept} \\S+: sever: unknown key; did you mean "server"\\?$`, 'm'),
  )
  // Nothing was said of what no schema finds.
  assert.match(
    await revoke(whole.replace('[gpt-4o-mini,', '[no-such-model,')),
    new RegExp(`^${kept} \\S+: routes\\.\\w+\\[0\\]: unknown model "no-such-model"`, 'm'),
  )
})

// A server that starts or reloads reads these too, and refuses the whole for them.
test('says so as well if the rules or the weights have a fault', async (t) => {
  const whole = shipped.replace(/^ {2}default:\n/m, `$&    keys: [{ id: k, sha256: ${'a'.repeat(64)} }]\n`)
  const revoke = async (name: string, content: string, text = whole) => {
    const io = capture()
    const config = write(t, text)
    writeFileSync(join(dirname(config), name), content)
    assert.equal(await keys.run(['revoke', '--team', 'default', '--id', 'k', '--config', config], io), 0)
    return io.err()
  }
  assert.match(await revoke('rules.yaml', 'rules: 5\n'), /running servers .*rules\.yaml:1: rules: /)
  assert.match(await revoke('classifier.bin', 'not weights'), /running servers .*classifier\.bin: /)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const elsewhere = whole.replace(/^classifier:\n/m, '$&  weights: "${SET_ON_THE_SERVER}"\n')
  assert.doesNotMatch(await revoke('other.txt', '', elsewhere), /running servers/)
})

test('refuses invalid calls in one line', async (t) => {
  const config = write(t, 'teams: { research: { keys: [{ id: k, sha256: b }] } }\n')
  const cases: Readonly<Record<string, RegExp>> = {
    'create --team reserch': /:1: teams: there is no team "reserch"; did you mean "research"\?$/,
    'create --team research --id k': /keys: key "k" already exists$/,
    'create --team research --id a/b': /--id: expected up to 128 letters/,
    [`create --team research --id ${'a'.repeat(129)}`]: /--id: expected up to 128 letters/,
    'create --team research --expires soon': /--expires: expected a date such as/,
    create: /--team is missing/,
    'revoke --team research': /--id is missing/,
    'list --team nobody': /unknown team "nobody"/,
    'make --team research': /expected create, rotate, list or revoke/,
    'revoke two': /^revoke takes only --team TEAM and --id ID$/,
    'create --team research --expires 2020-01-01': /--expires: 2020-01-01 is over$/,
    // Said nothing and did nothing of the kind: the old secret stopped at once, the new one never.
    'rotate --team research --id k --expires 2027-01-01': /^rotate takes only --team TEAM and --id ID/,
    'create --team research --grace 24h': /^create takes only/,
    'list --id k': /^list takes only \[--team TEAM\]$/,
    // A year of six digits went into the file, and no server read it.
    'rotate --team research --id k --grace 3000000d': /--grace: at most 90d$/,
    'list --colour': /Unknown option '--colour'/,
  }
  for (const [line, message] of Object.entries(cases)) {
    await assert.rejects(
      async () => keys.run([...line.split(' '), '--config', config], capture()),
      (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
      line,
    )
  }
})

test('a rotated key keeps its name and budgets, and the old secret works only for the grace period', async (t) => {
  const held = 'a'.repeat(64)
  const team = `teams:\n  a:\n    keys:\n      - { id: ci, sha256: ${held}, budgets: [{ usd: 5, per: day }] } # the build\n`
  const config = write(t, sample(team))
  const rotate = async (...more: readonly string[]) => {
    const io = capture()
    assert.equal(await keys.run(['rotate', '--team', 'a', '--id', 'ci', '--config', config, ...more], io), 0)
    return createHash('sha256').update(io.out().trim()).digest('hex')
  }
  const read = () => loadConfig(config, {}).settings.teams.a?.keys[0]
  const before = Date.now()
  const second = await rotate('--grace', '24h')
  assert.deepEqual([read()?.sha256, read()?.previous?.sha256], [second, held])
  assert.ok((read()?.previous?.expires ?? 0) >= before + 86_400_000)
  assert.deepEqual(read()?.budgets, [{ usd: 5, per: 'day' }])
  const third = await rotate()
  assert.deepEqual([read()?.sha256, read()?.previous], [third, undefined])
  const io = capture()
  assert.equal(await keys.run(['rotate', '--team', 'a', '--id', 'no', '--config', config], io), 1)
  await assert.rejects(
    keys.run(['rotate', '--team', 'a', '--id', 'ci', '--grace', 'soon', '--config', config], capture()),
    UsageError,
  )
})

test('a read-only file is refused and left as it is, whoever asks', async (t) => {
  const config = write(t, shipped)
  chmodSync(config, 0o444)
  await assert.rejects(
    keys.run(['create', '--team', 'default', '--config', config], capture()),
    /trivium\.yaml: read-only/,
  )
  assert.equal(readFileSync(config, 'utf8'), shipped)
})

test('key changes are recorded in the store’s audit log, even while a server uses the store', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const store = openStore(join(directory.path, 'ledger.db'))
  t.after(() => store.close())
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const config = write(t, shipped.replace(STORE, 'sqlite: ${FOLDER}/ledger.db'))
  const io = capture({ FOLDER: directory.path })
  const ci = ['--team', 'default', '--id', 'ci', '--config', config]
  for (const call of [
    ['create', ...ci, '--by', 'Zoë'],
    ['rotate', ...ci, '--grace', '1h'],
    ['revoke', ...ci],
  ])
    assert.equal(await keys.run(call, io), 0, io.err())
  assert.equal(await keys.run(['revoke', ...ci], io), 1)
  const lines = await createSqliteAuditLog(store).linesBefore(undefined, 10)
  assert.deepEqual(
    lines.map(({ action, subject }) => [action, subject]),
    ['key_revoked', 'key_rotated', 'key_created'].map((action) => [action, 'default/ci']),
  )
  assert.deepEqual([lines[2]?.who, lines[2]?.detail], ['Zoë', 'at the command line'])
  assert.match(lines[1]?.detail ?? '', /^the old one until \d{4}-.*Z, at the command line$/)
  assert.doesNotMatch(io.err(), /no audit/)
})

test('without a known ledger a key is still created, with a note that it was not audited', async (t) => {
  const config = write(t, shipped)
  const io = capture()
  assert.equal(await keys.run(['create', '--team', 'default', '--config', config], io), 0)
  assert.match(io.err(), /\nnot recorded in the audit log: there is no ledger yet \(nowhere.*\)\n$/)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const unknown = write(t, shipped.replace(STORE, 'sqlite: ${NOWHERE_TOLD}'))
  const other = capture()
  assert.equal(await keys.run(['create', '--team', 'default', '--config', unknown], other), 0)
  assert.match(
    other.err(),
    /not recorded in the audit log: .*store\.sqlite: environment variable NOWHERE_TOLD is not set\n$/,
  )
  // Compiled rules were left in the working directory.
  assert.ok(!existsSync('candidates'))
  await assert.rejects(keys.run(['revoke', '--team', 'a', '--id', 'b', '--by', 'a\nb'], other), UsageError)
})

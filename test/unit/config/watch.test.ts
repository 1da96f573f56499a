import assert from 'node:assert/strict'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { UnreadableFile } from '../../../src/config/file/read-text.ts'
import { ConfigWatch } from '../../../src/config/watch.ts'
import { WatchedFiles } from '../../../src/config/watched-files.ts'
import { directory } from './sample.ts'

/** A watched file whose text is its configuration; `bad` is refused. */
function watched(t: TestContext, first: string) {
  const file = join(directory(t), 'a.yaml')
  writeFileSync(file, first)
  const told: string[] = []
  const load = async () => {
    const text = readFileSync(file, 'utf8')
    if (text === 'bad') throw new Error('it is bad')
    return text
  }
  const watch = new ConfigWatch(readFileSync(file, 'utf8'), {
    load,
    filesOf: () => [file],
    onLoaded: (text) => told.push(`loaded ${text}`),
    onRefused: (why) => told.push(`refused: ${why.message}`),
    intervalMs: 40,
  })
  t.after(() => watch.close())
  const until = async (count: number) => {
    for (let waited = 0; told.length < count && waited < 3000; waited += 10) await sleep(10)
    return told
  }
  return { file, watch, told, until }
}

test('reloads when the file is written, and when another is renamed over it', async (t) => {
  const { file, until } = watched(t, 'one')
  writeFileSync(file, 'two')
  assert.deepEqual(await until(1), ['loaded two'])
  writeFileSync(`${file}.new`, 'three')
  renameSync(`${file}.new`, file)
  assert.deepEqual(await until(2), ['loaded two', 'loaded three'])
})

test('reports why a bad file is refused and loads the next good one', async (t) => {
  const { file, until } = watched(t, 'one')
  writeFileSync(file, 'bad')
  assert.deepEqual(await until(1), ['refused: it is bad'])
  writeFileSync(file, 'good')
  assert.deepEqual(await until(2), ['refused: it is bad', 'loaded good'])
})

// The rest of a refused edit, such as a revoked key, used to wait until the configuration itself was touched again.
test('a file that only a refused configuration names is watched, so that mending it is enough', async (t) => {
  const folder = directory(t)
  const [file, rules] = [join(folder, 'a.yaml'), join(folder, 'rules.yaml')]
  writeFileSync(file, 'no rules')
  writeFileSync(rules, 'bad')
  const refused = Promise.withResolvers<string>()
  const loaded = Promise.withResolvers<string>()
  const watch = new ConfigWatch<string>('no rules', {
    async load(_, willRead) {
      const text = readFileSync(file, 'utf8')
      willRead([rules])
      if (readFileSync(rules, 'utf8') === 'bad') throw new Error('its rules are bad')
      return text
    },
    filesOf: (text) => (text === 'no rules' ? [file] : [file, rules]),
    onLoaded: loaded.resolve,
    onRefused: ({ message }) => refused.resolve(message),
    intervalMs: 40,
  })
  t.after(() => watch.close())
  writeFileSync(file, 'with rules')
  assert.equal(await refused.promise, 'its rules are bad')
  writeFileSync(rules, 'good')
  assert.equal(await loaded.promise, 'with rules')
})

test('retries an unreadable file without waiting for a change, and reports it once', async (t) => {
  const file = join(directory(t), 'a.yaml')
  writeFileSync(file, 'one')
  const told: string[] = []
  let failuresLeft = 3
  const loaded = Promise.withResolvers<void>()
  const watch = new ConfigWatch('one', {
    async load() {
      failuresLeft -= 1
      if (failuresLeft >= 0) throw new UnreadableFile(file, Object.assign(new Error(), { code: 'EMFILE' }))
      return readFileSync(file, 'utf8')
    },
    filesOf: () => [file],
    onLoaded(text) {
      told.push(`loaded ${text}`)
      loaded.resolve()
    },
    onRefused: (why) => told.push(`refused: ${why.message}`),
    intervalMs: 5,
  })
  t.after(() => watch.close())
  // The only change, such as a key revoked while nothing could be read.
  writeFileSync(file, 'two')
  await loaded.promise
  assert.deepEqual(told, [`refused: ${file}: not readable: EMFILE`, 'loaded two'])
})

test('waits until a file has stopped changing', async (t) => {
  const { file, told, until } = watched(t, '0')
  for (let step = 1; step <= 30; step += 1) {
    writeFileSync(file, 'x'.repeat(step))
    await sleep(2)
  }
  const loaded = await until(1)
  await sleep(200)
  assert.equal(told.at(-1), `loaded ${'x'.repeat(30)}`)
  assert.ok(loaded.length <= 2, 'a slow machine may see one pause, not thirty')
})

test('loads run one after another, and the last one requested wins', async (t) => {
  const file = join(directory(t), 'a.yaml')
  writeFileSync(file, 'one')
  const told: string[] = []
  const doors: PromiseWithResolvers<void>[] = []
  const watch = new ConfigWatch('one', {
    async load() {
      const text = readFileSync(file, 'utf8')
      const door = Promise.withResolvers<void>()
      doors.push(door)
      told.push(`reads ${text}`)
      await door.promise
      return text
    },
    filesOf: () => [file],
    onLoaded: (text) => told.push(`loaded ${text}`),
    onRefused: (why) => told.push(`refused: ${why.message}`),
    intervalMs: 60_000,
  })
  t.after(() => watch.close())
  writeFileSync(file, 'two')
  const first = watch.reload()
  await sleep(1)
  writeFileSync(file, 'three')
  const second = watch.reload()
  await sleep(20)
  assert.deepEqual(told, ['reads two'], 'the second waits for the first')
  doors[0]?.resolve()
  await first
  await sleep(1)
  doors[1]?.resolve()
  await second
  assert.deepEqual(told, ['reads two', 'loaded two', 'reads three', 'loaded three'])
})

// Sixty keys made at once reread a configuration of two thousand teams sixty times: for twenty seconds.
test('reloads requested while one waits are one, which reads what was there when the last was requested', async (t) => {
  const { file, watch, told } = watched(t, 'one')
  const all = ['two', 'three', 'four'].map((text) => {
    writeFileSync(file, text)
    return watch.reload()
  })
  await Promise.all(all)
  assert.deepEqual(told, ['loaded four'])
})

test('reloads at once when asked to, changed or not, and never after it is closed', async (t) => {
  const { file, watch, told } = watched(t, 'one')
  await watch.reload()
  assert.deepEqual(told, ['loaded one'])
  watch.close()
  writeFileSync(file, 'two')
  await sleep(300)
  assert.equal(told.length, 1)
})

test('a change made while a reload names other files is not taken as read', async (t) => {
  const [file, other] = ['a.yaml', 'b.yaml'].map((name) => join(directory(t), name))
  assert.ok(file !== undefined && other !== undefined)
  writeFileSync(file, 'one')
  writeFileSync(other, '')
  const told: string[] = []
  const watch = new ConfigWatch('one', {
    async load() {
      const text = readFileSync(file, 'utf8')
      if (text === 'two') writeFileSync(file, 'three')
      return text
    },
    filesOf: (text) => (text === 'one' ? [file] : [file, other]),
    onLoaded: (text) => told.push(text),
    onRefused: (why) => told.push(why.message),
    intervalMs: 5,
  })
  t.after(() => watch.close())
  writeFileSync(file, 'two')
  for (let waited = 0; told.length < 2 && waited < 3000; waited += 10) await sleep(10)
  assert.deepEqual(told, ['two', 'three'])
})

test('a change of a file that a reload names is seen if it comes after the reload has begun to read it', async (t) => {
  const [file, other] = ['a.yaml', 'b.yaml'].map((name) => join(directory(t), name))
  assert.ok(file !== undefined && other !== undefined)
  writeFileSync(file, 'one')
  writeFileSync(other, 'first')
  const read: string[] = []
  const watch = new ConfigWatch('one', {
    async load(_running, willRead) {
      willRead([file, other])
      read.push(readFileSync(other, 'utf8'))
      if (read.length === 1) writeFileSync(other, 'changed')
      return 'two'
    },
    filesOf: (text) => (text === 'one' ? [file] : [file, other]),
    onLoaded: () => undefined,
    onRefused: (why) => read.push(why.message),
    intervalMs: 5,
  })
  t.after(() => watch.close())
  writeFileSync(file, 'two')
  for (let waited = 0; read.length < 2 && waited < 3000; waited += 10) await sleep(10)
  assert.deepEqual(read, ['first', 'changed'])
})

test('a change made between reading the configuration and watching it is seen', async (t) => {
  const file = join(directory(t), 'a.yaml')
  writeFileSync(file, 'one')
  const files = new WatchedFiles([file])
  writeFileSync(file, 'three')
  const loaded = Promise.withResolvers<string>()
  const watch = new ConfigWatch('one', {
    load: async () => readFileSync(file, 'utf8'),
    filesOf: () => [file],
    files,
    onLoaded: loaded.resolve,
    onRefused: loaded.reject,
    intervalMs: 5,
  })
  t.after(() => watch.close())
  assert.equal(await loaded.promise, 'three')
})

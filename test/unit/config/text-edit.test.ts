import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { editText } from '../../../src/config/file/text-edit.ts'
import { directory, problemsOf, write } from './sample.ts'

const MODULE = JSON.stringify(new URL('../../../src/config/file/text-edit.ts', import.meta.url).href)

/** Runs a process that appends a line a number of times. */
async function appendElsewhere(file: string, line: string, times: number): Promise<void> {
  const script = `import { editText } from ${MODULE}
    for (let time = 0; time < ${times}; time += 1) {
      editText(${JSON.stringify(file)}, (text) => \`\${text}${line}.\${time}\\n\`)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  assert.deepEqual(await once(child, 'close'), [0, null])
}

function makeStale(lock: string): void {
  writeFileSync(lock, '')
  const past = Date.now() / 1000 - 11
  utimesSync(lock, past, past)
}

for (const left of ['no lock', 'a lock left by a process that died']) {
  test(`concurrent edits by eight processes all reach the file, starting with ${left}`, async (t) => {
    const file = write(t, '')
    if (left !== 'no lock') makeStale(`${file}.lock`)
    await Promise.all(Array.from({ length: 8 }, (_, index) => appendElsewhere(file, `p${index}`, 5)))
    const expected = Array.from({ length: 8 }, (_, index) =>
      [0, 1, 2, 3, 4].map((time) => `p${index}.${time}`),
    )
    assert.deepEqual(readFileSync(file, 'utf8').trimEnd().split('\n').sort(), expected.flat().sort())
    assert.deepEqual(readdirSync(dirname(file)), ['trivium.yaml'])
  })
}

test('an edit whose lock was taken over starts again from the current text', (t) => {
  const file = write(t, 'a')
  let edits = 0
  editText(file, (text) => {
    edits += 1
    if (edits === 1) {
      // This process slept so long that another took its lock for stale, edited the file and is still working on it.
      unlinkSync(`${file}.lock`)
      writeFileSync(file, 'ab')
      makeStale(`${file}.lock`)
    }
    return `${text}c`
  })
  assert.equal(readFileSync(file, 'utf8'), 'abc')
  assert.equal(edits, 2)
  assert.deepEqual(readdirSync(dirname(file)), ['trivium.yaml'])
})

test('an edit that fails or changes nothing leaves the file as it was, and no lock', (t) => {
  const file = write(t, 'a')
  assert.throws(
    () =>
      editText(file, () => {
        throw new RangeError('no')
      }),
    RangeError,
  )
  editText(file, () => undefined)
  assert.equal(readFileSync(file, 'utf8'), 'a')
  assert.ok(!existsSync(`${file}.lock`))
})

test('an edit whose lock cannot be created is refused', (t) => {
  const folder = directory(t)
  // File names are limited to 255 bytes: the file's own fits, its lock's does not.
  const file = `${folder}/${'a'.repeat(253)}`
  writeFileSync(file, '')
  assert.match(problemsOf(() => editText(file, () => '')).join(), /cannot be created.*ENAMETOOLONG/)
})

test('an edit removes what one whose process died has left, and nothing else', (t) => {
  const file = write(t, 'a')
  for (const end of ['.1.tmp', '.4194304.tmp', '.old.tmp', '.tmp']) writeFileSync(`${file}${end}`, 'a')
  // What cannot be removed keeps no other.
  mkdirSync(`${file}.0.tmp`)
  editText(file, (text) => `${text}b`)
  assert.deepEqual(readdirSync(dirname(file)), [
    'trivium.yaml',
    'trivium.yaml.0.tmp',
    'trivium.yaml.old.tmp',
    'trivium.yaml.tmp',
  ])
})

// Run by root in a folder of somebody else's, it would otherwise write where that link points.
test('a link laid where the new text is written first is not followed', (t) => {
  const file = write(t, 'a')
  const victim = join(directory(t), 'victim')
  writeFileSync(victim, 'untouched')
  symlinkSync(victim, `${file}.${process.pid}.tmp`)
  editText(file, (text) => `${text}b`)
  assert.deepEqual([readFileSync(file, 'utf8'), readFileSync(victim, 'utf8')], ['ab', 'untouched'])
})

// As with a file that a container has mounted by itself: the folder can be written to, the file not replaced. The
// command ended in a stack trace.
test('an edit of a file that cannot be replaced is refused and leaves nothing behind', (t) => {
  const file = write(t, 'a')
  const edit = () =>
    editText(file, (text) => {
      rmSync(file)
      mkdirSync(file)
      return `${text}b`
    })
  assert.match(problemsOf(edit).join(), /cannot be written: EISDIR; it is unchanged/)
  assert.deepEqual(readdirSync(dirname(file)), ['trivium.yaml'])
})

test('a file in another encoding is refused, and keeps its bytes', (t) => {
  const file = write(t, '')
  const bytes = Buffer.from('# caf\xe9\nteams: {}\n', 'latin1')
  writeFileSync(file, bytes)
  assert.match(problemsOf(() => editText(file, (text) => `${text}b`)).join(), /not UTF-8; edit it by hand/)
  assert.deepEqual(readFileSync(file), bytes)
})

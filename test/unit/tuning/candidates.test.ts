import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findCandidate, listCandidates, writeCandidate } from '../../../src/tuning/candidates.ts'
import type { Manifest } from '../../../src/tuning/manifest.ts'
import { readLeftOut } from '../../../src/tuning/training/left-out.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

function folderOf(t: TestContext): string {
  const { path, dispose } = temporaryDirectory()
  t.after(dispose)
  return path
}

function manifest(version: string): Manifest {
  const versions = { rules_version: 'aaaaaaaaaaaa', weights_version: 'bbbbbbbbbbbb' }
  return { version, at: '2026-11-22T10:00:00.000Z', by: 'ada', note: '', ...versions, training: null }
}

const parts = { rules: Buffer.from('rules: []\n'), weights: Buffer.from('w'), leftOut: undefined }

test('a candidate is found by an unambiguous prefix of its version', (t) => {
  const folder = folderOf(t)
  for (const version of ['abc000000000', 'abc000100000'])
    assert.equal(writeCandidate(folder, { ...parts, manifest: manifest(version) }), true)
  assert.equal(findCandidate(folder, 'abc0000').manifest.version, 'abc000000000')
  assert.throws(() => findCandidate(folder, 'abc000'), /abc000 may be abc000000000 or abc000100000/)
  assert.throws(() => findCandidate(folder, 'ffffff'), /holds no candidate ffffff$/)
  for (const short of ['', 'a', 'abc00'])
    assert.throws(() => findCandidate(folder, short), /holds no candidate .*at least six letters/)
  assert.equal(writeCandidate(folder, { ...parts, manifest: manifest('abc000000000') }), false)
})

test('left-out rows are read back, and damaged files are reported by name', (t) => {
  const folder = folderOf(t)
  const leftOut = { rows: [{ id: 'r1', fold: 1 }], weights: [Buffer.from('a'), Buffer.from('b')] }
  writeCandidate(folder, { ...parts, leftOut, manifest: manifest('abc000000000') })
  assert.deepEqual(readLeftOut(join(folder, 'abc000000000')), leftOut)
  rmSync(join(folder, 'abc000000000', 'left-out-0.bin'))
  assert.throws(() => readLeftOut(join(folder, 'abc000000000')), /left-out\.jsonl: cannot be read/)
  writeFileSync(join(folder, 'abc000000000', 'manifest.json'), '{}')
  assert.throws(() => findCandidate(folder, 'abc000000000'), /manifest\.json: is not a candidate manifest$/)
})

// One foreign folder hid every candidate there was.
test('a candidate that cannot be read hides no other', (t) => {
  const folder = folderOf(t)
  writeCandidate(folder, { ...parts, leftOut: undefined, manifest: manifest('abc000000000') })
  mkdirSync(join(folder, 'def000000000'))
  const { candidates, unreadable } = listCandidates(folder)
  assert.deepEqual(
    candidates.map(({ manifest: { version } }) => version),
    ['abc000000000'],
  )
  assert.match(
    unreadable.map(({ message }) => message).join(),
    /^\S+def000000000.manifest\.json: no such file$/,
  )
})

test('a disk that fills up while a candidate is written leaves nothing of it behind', (t) => {
  const folder = folderOf(t)
  // The shell limits files to 100 KiB: the rules fit, the weights do not.
  const script = `
    const { writeCandidate } = await import('./src/tuning/candidates.ts')
    const manifest = ${JSON.stringify(manifest('abc000000000'))}
    writeCandidate(process.argv[1], { manifest, rules: Buffer.alloc(1000), weights: Buffer.alloc(500_000) })`
  const shell = `ulimit -f 100; exec "${process.execPath}" --input-type=module -e "$0" "$1"`
  const { status, stderr } = spawnSync('bash', ['-c', shell, script, folder], { encoding: 'utf8' })
  assert.equal(status, 1)
  assert.match(stderr, /TuningError: .*abc000000000: EFBIG: file too large/)
  assert.deepEqual(readdirSync(folder), [])
})

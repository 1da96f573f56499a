import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announce, countOn, progressOn } from '../../../src/cli/terminal/progress.ts'
import { capture } from './capture.ts'

function onTerminal() {
  const io = capture()
  return { ...io, stderr: Object.assign(io.stderr, { isTTY: true }) }
}

test('long work shows how far it is on a terminal, and nothing elsewhere', () => {
  for (const { io, shown } of [
    { io: onTerminal(), shown: true },
    { io: capture(), shown: false },
  ]) {
    announce(io, 'copying')
    const share = progressOn(io)
    share.onProgress(0.5)
    share.end()
    const count = countOn(io, 'requests')
    count.onProgress(12_000)
    count.end()
    assert.equal(io.err() !== '', shown)
    if (shown) {
      const half = `${'█'.repeat(20)}${'·'.repeat(20)} 50 %`
      assert.equal(io.err(), `copying …\n\r${half}\n\r12,000 requests\r\u001b[K`)
    }
    assert.equal(io.out(), '')
  }
})

import { Worker } from 'node:worker_threads'

/** The longest a decision waits for its store. Milliseconds. */
const WAIT = 40

/**
 * Plain timers, eight at a time, on a separate event loop, so that a program that blocks its own loop gets no
 * excuse from this.
 */
const WAITING = `
  const { parentPort } = require('node:worker_threads')
  const late = []
  const wait = () => {
    const began = performance.now()
    setTimeout(() => {
      late.push(performance.now() - began - ${WAIT})
      wait()
    }, ${WAIT})
  }
  for (let count = 0; count < 8; count += 1) wait()
  parentPort.once('message', () => {
    parentPort.postMessage(late)
    process.exit()
  })`

/**
 * Measures how much this machine delays timers for other reasons. The returned function ends the measurement
 * and gives the 99th percentile of the lateness of timers as long as a decision's. The limits promised for
 * decisions come on top of that.
 */
export function watchLateness(): () => Promise<number> {
  const worker = new Worker(WAITING, { eval: true })
  return () =>
    new Promise((resolve, reject) => {
      worker.once('error', reject)
      worker.once('message', (late: number[]) => {
        late.sort((a, b) => a - b)
        resolve(late[Math.floor(late.length * 0.99)] ?? 0)
      })
      worker.postMessage('enough')
    })
}

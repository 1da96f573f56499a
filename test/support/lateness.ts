import { Worker } from 'node:worker_threads'

/** As long as a decision waits for its store. Milliseconds. */
const WAIT = 40

/** Plain waits, eight at a time, on a loop of their own: what the program under test keeps its own loop from is no excuse. */
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
 * Watches how late this machine is with something else: of a hundred plain waits as long as a decision's, ninety-nine are
 * late by no more than what the call answers, which ends the watch. What is promised of a decision is on top of that.
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

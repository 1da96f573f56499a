import { setTimeout as sleep } from 'node:timers/promises'

/** As long as a decision waits for its store. Milliseconds. */
const WAIT = 40

/**
 * Watches how late this machine is with something else: of a hundred plain waits as long as a decision's, ninety-nine are
 * late by no more than what the call answers, which ends the watch. What is promised of a decision is on top of that.
 */
export function watchLateness(): () => Promise<number> {
  const late: number[] = []
  let isOver = false
  const wait = async () => {
    while (!isOver) {
      const began = performance.now()
      await sleep(WAIT)
      late.push(performance.now() - began - WAIT)
    }
  }
  const waits = Promise.all(Array.from({ length: 8 }, wait))
  return async () => {
    isOver = true
    await waits
    late.sort((a, b) => a - b)
    return late[Math.floor(late.length * 0.99)] ?? 0
  }
}

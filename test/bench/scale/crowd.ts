import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from '../proxy/child.ts'
import type { Contestant } from '../proxy/contestants.ts'
import { cpuMsOf } from '../proxy/cpu.ts'
import type { Order } from '../proxy/order.ts'
import { STREAM_50 } from '../proxy/sections.ts'

/** The proxy has two sockets a stream, and some besides. */
const OTHER_FILES = 600

/** Streams that this machine's bound on open files lets one proxy have, of those that are wanted. */
export function affordable(streams: number): number {
  const files = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
  return Math.min(streams, Math.floor((files - OTHER_FILES) / 2))
}

/** Has a load generator of its own hold so many streams open for so long; resolves when all of them have begun. */
export async function gather(child: Child, { door }: Contestant, streams: number, ms: number): Promise<void> {
  const order: Order = { how: 'crowd', door, kind: STREAM_50, connections: 1, ms, rate: 0, streams }
  child.process.send(order)
  // A hundred are opened every 50 ms, and a second and a half is waited for the last.
  await sleep(streams + 2_500)
}

/** CPU that a contestant takes while nobody asks, in milliseconds a millisecond. */
export async function idleCpu({ child }: Contestant, ms: number): Promise<number> {
  const before = { cpu: cpuMsOf(child.pid), at: performance.now() }
  await sleep(ms)
  return (cpuMsOf(child.pid) - before.cpu) / (performance.now() - before.at)
}

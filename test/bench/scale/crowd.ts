import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from '../proxy/child.ts'
import type { Contestant } from '../proxy/contestants.ts'
import { cpuMsOf } from '../proxy/cpu.ts'
import type { Order } from '../proxy/order.ts'
import { STREAM_50 } from '../proxy/sections.ts'

/** The proxy needs two sockets per stream, and some other files. */
const OTHER_FILES = 600

/** How many of the desired streams this machine's limit on open files allows one proxy. */
export function affordable(streams: number): number {
  const files = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
  return Math.min(streams, Math.floor((files - OTHER_FILES) / 2))
}

/**
 * Has a separate load generator hold this many streams open for `ms`; resolves when all of them have started.
 */
export async function gather(child: Child, { door }: Contestant, streams: number, ms: number): Promise<void> {
  const order: Order = { how: 'crowd', door, kind: STREAM_50, connections: 1, ms, rate: 0, streams }
  child.process.send(order)
  // A hundred are opened every 50 ms, plus a second and a half for the last.
  await sleep(streams + 2_500)
}

/** CPU used by an idle contestant, in milliseconds per millisecond. */
export async function idleCpu({ child }: Contestant, ms: number): Promise<number> {
  const before = { cpu: cpuMsOf(child.pid), at: performance.now() }
  await sleep(ms)
  return (cpuMsOf(child.pid) - before.cpu) / (performance.now() - before.at)
}

import type { Child, Server } from './child.ts'
import { cpuMsOf, cpuMsOfMachine } from './cpu.ts'
import type { Load, Slice } from './load.ts'
import { KEY } from './program.ts'

/** What is measured: one kind of request, in slices that alternate between the contestants. */
export interface Plan {
  readonly stream: boolean
  readonly connections: number
  readonly warmUpMs: number
  readonly sliceMs: number
  readonly pairs: number
}

/** One contestant's slice. */
export interface Measured {
  readonly load: Load
  /** CPU time of the contestant, microseconds a request. */
  readonly cpuUs: number
  /** Cores that processes outside the benchmark used meanwhile. */
  readonly foreignCores: number
}

export interface Pair {
  readonly bare: Measured
  readonly trivium: Measured
}

export interface Contestants {
  readonly bare: Server
  readonly trivium: Server
}

/** Warms both up and measures them in turn: A B A B …, so that whatever the machine does meets both. */
export async function measure(
  plan: Plan,
  contestants: Contestants,
  load: Child,
  upstream: Server,
): Promise<readonly Pair[]> {
  const own = [contestants.bare.child, contestants.trivium.child, upstream.child, load].map(({ pid }) => pid)
  const play = (server: Server, ms: number) => measureSlice(plan, server, load, [...own, process.pid], ms)
  await play(contestants.bare, plan.warmUpMs)
  await play(contestants.trivium, plan.warmUpMs)
  const pairs: Pair[] = []
  for (let pair = 0; pair < plan.pairs; pair += 1) {
    const bare = await play(contestants.bare, plan.sliceMs)
    const trivium = await play(contestants.trivium, plan.sliceMs)
    pairs.push({ bare, trivium })
  }
  return pairs
}

async function measureSlice(
  { stream, connections }: Plan,
  server: Server,
  load: Child,
  own: readonly number[],
  ms: number,
): Promise<Measured> {
  const cpuOfAll = () => own.reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  const before = { cpu: cpuMsOf(server.child.pid), all: cpuOfAll(), machine: cpuMsOfMachine() }
  const done = await play(load, { port: server.port, key: KEY, stream, connections, ms })
  const cpuMs = cpuMsOf(server.child.pid) - before.cpu
  const foreignMs = cpuMsOfMachine() - before.machine - (cpuOfAll() - before.all)
  return {
    load: done,
    cpuUs: (cpuMs * 1000) / done.requests,
    foreignCores: Math.max(0, foreignMs / done.ms),
  }
}

async function play(load: Child, slice: Slice): Promise<Load> {
  const answered = new Promise<Load>((resolve) => load.process.once('message', resolve))
  load.process.send(slice)
  const done = await Promise.race([answered, load.died])
  if (done.errors > 0) throw new Error(`${done.errors} wrong answers, the first: ${done.firstError ?? ''}`)
  return done
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, type Server, startServer } from './child.ts'
import type { Door } from './order.ts'
import { KEY, type Variation, writeConfiguration } from './program.ts'

/** A program being measured, and its name in the table. */
export interface Contestant {
  readonly name: string
  readonly child: Child
  readonly door: Door
}

/** The flags of `npm start`. */
export const SERVE_FLAGS = ['--max-semi-space-size=16']

export function contestantOf(name: string, { child, port }: Server, headers = ''): Contestant {
  return { name, child, door: { port, key: KEY, headers } }
}

export async function startBare(flags: readonly string[], upstreamPort: number): Promise<Contestant> {
  return contestantOf('bare', await startServer(flags, './bare.ts', `http://127.0.0.1:${upstreamPort}`))
}

/**
 * The bare proxy plus work that cannot be avoided: one contestant for each step of `floor.ts`, each including
 * the steps before it.
 */
export async function startFloors(folder: string, upstreamPort: number): Promise<readonly Contestant[]> {
  const started: Contestant[] = []
  for (const step of ['fastify', 'reading', 'row']) {
    const file = join(folder, `floor-${step}.db`)
    const server = await startServer(
      SERVE_FLAGS,
      './floor.ts',
      `http://127.0.0.1:${upstreamPort}`,
      step,
      file,
    )
    started.push(contestantOf(FLOORS[step] ?? step, server))
  }
  return started
}

/** Their names in the table. */
const FLOORS: Readonly<Record<string, string>> = {
  fastify: 'bare behind fastify',
  reading: '… that reads request and answer',
  row: '… and keeps a row',
}

/** A Trivium with everything on, except as `variation` says. It gets a folder of its own within `folder`. */
export async function startTrivium(
  name: string,
  folder: string,
  upstreamPort: number,
  flags: readonly string[],
  variation: Variation = {},
): Promise<Contestant> {
  const own = join(folder, name.replaceAll(/\W+/g, '-'))
  mkdirSync(own)
  const config = writeConfiguration(own, upstreamPort, variation)
  const server = await startServer(
    [...SERVE_FLAGS, ...flags],
    '../../../src/main.ts',
    'serve',
    '--config',
    config,
  )
  return contestantOf(name, server)
}

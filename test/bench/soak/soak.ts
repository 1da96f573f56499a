import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { randomFrom } from '../../../src/simulator/random.ts'
import { startSimulator } from '../../../src/simulator/server.ts'
import { type Books, closeBooks } from '../endurance/books.ts'
import { createScript } from '../endurance/ends.ts'
import { type Program, startProgram } from '../endurance/program.ts'
import { Load } from './load.ts'
import { operate } from './operator.ts'
import { Resident, type ResidentSpan } from './resident.ts'
import { type Sample, sample } from './sample.ts'
import { type Objects, objectsOf } from './vitals.ts'

export interface Settings {
  readonly minutes: number
  /** Requests per second. */
  readonly rate: number
  readonly seed: number
  onSample(sample: Sample): void
}

export interface Soaked {
  /** Resident memory from the program's start through the first load and the rest period after it. */
  readonly starting: ResidentSpan
  readonly samples: readonly Sample[]
  /** At rest, before and after. */
  readonly before: Objects
  readonly after: Objects
  readonly books: Books
}

const EVERY_MS = 30_000
/** By then everything created once exists: threads, tables, connections. */
const FIRST_MS = 10_000
/**
 * Twice as long as any idle connection is kept, because undici's clock counts ticks, which a busy machine
 * delays.
 */
const REST_MS = 150_000

/**
 * Loads the program for `minutes`, sampling it every half minute, and compares what is left with what was
 * there before.
 */
export async function soak({ minutes, rate, seed, onSample }: Settings): Promise<Soaked> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-soak-'))
  const actFor = createScript()
  const simulator = await startSimulator({ script: (_request, { body }) => actFor(body) })
  const program = await startProgram(folder, simulator.baseUrl, ['--import', probeIn(folder)])
  const operator = new AbortController()
  const resident = new Resident(program.pid)
  try {
    const random = randomFrom(seed)
    const first = new Load(program.dataUrl, rate, random)
    await first.run(FIRST_MS)
    await first.end()
    await sleep(Math.min(REST_MS, minutes * 60_000))
    const starting = resident.take()
    const before = await objectsOf(program)
    // Listing all objects briefly takes about 15 MB, which belong to the probe and not to the program.
    resident.take()

    const load = new Load(program.dataUrl, rate, random)
    const operating = operate(program, operator.signal)
    const samples: Sample[] = []
    for (let taken = 1; taken * EVERY_MS <= minutes * 60_000; taken += 1) {
      await load.run(EVERY_MS)
      const taking = await sample(program, load, resident, (taken * EVERY_MS) / 60_000)
      samples.push(taking)
      onSample(taking)
      simulator.reset()
    }
    operator.abort()
    resident.close()
    await Promise.all([operating, load.end()])
    const after = await atRest(program, before)
    return { starting, samples, before, after, books: await closeBooks(program) }
  } finally {
    operator.abort()
    resident.close()
    program.child.kill('SIGKILL')
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Types are stripped beforehand, so that the program need not load the code that does so. */
function probeIn(folder: string): string {
  const file = join(folder, 'probe.mjs')
  writeFileSync(file, stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'probe.ts'), 'utf8')))
  return pathToFileURL(file).href
}

/** What is left once it is no more than `before`, or after the longest time that anything may be kept. */
async function atRest(program: Program, before: Objects): Promise<Objects> {
  const until = performance.now() + REST_MS
  for (;;) {
    const left = await objectsOf(program)
    if (isNoMore(left, before) || performance.now() > until) return left
    await sleep(5_000)
  }
}

export function isNoMore(after: Objects, before: Objects): boolean {
  return (
    after.sockets <= before.sockets && after.timers <= before.timers && after.responses <= before.responses
  )
}

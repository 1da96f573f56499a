import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { randomFrom } from '../../../src/simulator/random.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/server.ts'
import { ask } from './ask.ts'
import { type Books, closeBooks } from './books.ts'
import { createScript, endFor } from './ends.ts'
import { residentBytesOf, startProgram } from './program.ts'

export interface Settings {
  readonly requests: number
  readonly atOnce: number
  readonly seed: number
  onStep(step: {
    readonly done: number
    readonly residentMib: number
    readonly inFlight: number
    readonly perSecond: number
  }): void
}

const STEPS = 10

/** Sends all requests with the given concurrency, and compares what is left at the end. */
export async function endure(settings: Settings): Promise<Books> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-endurance-'))
  const actFor = createScript()
  const simulator = await startSimulator({ script: (_request, { body }) => actFor(body) })
  const program = await startProgram(folder, simulator.baseUrl)
  try {
    const pool = new Pool(program.dataUrl, { connections: settings.atOnce * 2 })
    await sendAll(settings, pool, simulator, async (done, perSecond) => {
      settings.onStep({
        done,
        perSecond,
        residentMib: residentBytesOf(program.pid) / 2 ** 20,
        inFlight: await program.metric('trivium_requests_in_flight'),
      })
    })
    await pool.destroy()
    return await closeBooks(program)
  } finally {
    program.child.kill('SIGKILL')
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function sendAll(
  { requests, atOnce, seed }: Settings,
  pool: Pool,
  simulator: Simulator,
  onStep: (done: number, perSecond: number) => Promise<void>,
): Promise<void> {
  const random = randomFrom(seed)
  let sent = 0
  let since = performance.now()
  for (let step = 1; step <= STEPS; step += 1) {
    const until = Math.round((requests * step) / STEPS)
    const before = sent
    const lane = async () => {
      while (sent < until) {
        sent += 1
        await ask(pool, sent, endFor(random()))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
    const now = performance.now()
    await onStep(sent, ((sent - before) * 1000) / (now - since))
    simulator.reset()
    since = performance.now()
  }
}

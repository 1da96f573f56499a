import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { type Outcome, type Program, STEPS } from './step.ts'

/** A step that takes longer counts as hung. */
const PATIENCE_MS = 20_000

/** Runs every step of a program in turn, prints each outcome and exits the process. */
export async function play(program: Program): Promise<void> {
  for (const step of STEPS) {
    const act = program[step]
    if (act === undefined) continue
    const outcome: Outcome = await Promise.race([act(), hung()]).then(
      (saw) => ({ step, failure: null, saw: saw ?? null }),
      (thrown: unknown) => ({ step, failure: wordsOf(thrown), saw: null }),
    )
    if (!process.stdout.write(`${JSON.stringify(outcome)}\n`)) await once(process.stdout, 'drain')
  }
  // Clients keep connections and timers open. Do not wait for them.
  process.exit()
}

async function hung(): Promise<never> {
  await setTimeout(PATIENCE_MS, undefined, { ref: false })
  throw new Error(`it hangs: nothing has come for ${PATIENCE_MS} ms`)
}

function wordsOf(thrown: unknown): string {
  const words = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return words.replace(/\s+/g, ' ').slice(0, 400)
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Family } from './family.ts'
import type { Place } from './mode.ts'
import { type Outcome, STEPS } from './step.ts'

/** More than all steps of a program may take together. */
const PATIENCE_MS = 180_000

/**
 * Runs a family's program against a place, as a user who has changed nothing but the two variables would, and
 * resolves to the outcome of each step. A program that dies counts as a failed `chat` step.
 */
export async function perform(
  family: Family,
  place: Place,
  python: string | undefined,
): Promise<readonly Outcome[]> {
  const [program = '', ...args] = family.program
  const command = family.venv === undefined ? process.execPath : (python ?? 'python3')
  const child = spawn(command, [join(import.meta.dirname, program), ...args], {
    env: { ...QUIET, PATH: process.env.PATH, HOME: process.env.HOME, ...place },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  })
  const [printed, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  const outcomes = printed.split('\n').filter(isOutcome).map(readOutcome)
  if (code === 0 && outcomes.length > 0) return outcomes
  const failure = `it ended with ${code}: ${complaints.trim().slice(-600)}`
  return [...outcomes, { step: 'chat', failure, saw: null }]
}

/** Keeps frameworks from sending telemetry and looking for newer versions. */
const QUIET = {
  OPENAI_AGENTS_DISABLE_TRACING: '1',
  LANGSMITH_TRACING: 'false',
  LANGCHAIN_TRACING_V2: 'false',
  NO_PROXY: '127.0.0.1',
  PYTHONDONTWRITEBYTECODE: '1',
}

/** Programs print other things too. */
function isOutcome(line: string): boolean {
  return line.startsWith('{"step"')
}

function readOutcome(line: string): Outcome {
  const read = JSON.parse(line)
  if (!STEPS.includes(read.step)) throw new Error(`no step: ${line.slice(0, 80)}`)
  return read
}

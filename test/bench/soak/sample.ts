import { readdirSync, readlinkSync, statSync } from 'node:fs'
import type { Program } from '../endurance/program.ts'
import type { Load } from './load.ts'
import type { Resident, ResidentSpan } from './resident.ts'
import { type Vitals, vitalsOf } from './vitals.ts'

/** The program's state at one moment, and its resident memory since the previous sample. */
export interface Sample extends Vitals {
  readonly resident: ResidentSpan
  readonly minute: number
  readonly sent: number
  /** Requests that have not ended. */
  readonly open: number
  /** File descriptors that are sockets. */
  readonly socketFds: number
  /** Money in open holds, in US dollars. */
  readonly held: number
  readonly ledgerBytes: number
}

export async function sample(
  program: Program,
  load: Load,
  resident: Resident,
  minute: number,
): Promise<Sample> {
  return {
    ...(await vitalsOf(program)),
    resident: resident.take(),
    minute,
    sent: load.sent,
    open: load.open,
    socketFds: socketsOf(program.pid),
    held: await heldBy(program),
    ledgerBytes: statSync(program.database).size,
  }
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1)

const COLUMNS: readonly (readonly [string, (sample: Sample) => string])[] = [
  ['minute', ({ minute }) => minute.toFixed(1)],
  ['requests', ({ sent }) => String(sent)],
  ['resident', ({ resident }) => mb(resident.mean)],
  ['at most', ({ resident }) => mb(resident.most)],
  ['heap', ({ heapUsed }) => mb(heapUsed)],
  ['kept', ({ heapKept }) => mb(heapKept)],
  ['external', ({ external }) => mb(external)],
  ['buffers', ({ arrayBuffers }) => mb(arrayBuffers)],
  ['sockets', ({ socketFds }) => String(socketFds)],
  ['timers', ({ timers }) => String(timers)],
  ['open', ({ open }) => String(open)],
  ['held USD', ({ held }) => held.toFixed(4)],
  ['late p99', ({ loopDelayP99 }) => loopDelayP99.toFixed(1)],
  ['ledger', ({ ledgerBytes }) => mb(ledgerBytes)],
]

/** Sizes are in MB (1,000,000 bytes), times in milliseconds. The table grows line by line. */
export const TABLE_HEAD = `${line(COLUMNS.map(([name]) => name))}${line(COLUMNS.map(() => '-------:'))}`

export function tableLine(sample: Sample): string {
  return line(COLUMNS.map(([, cell]) => cell(sample)))
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.padStart(8)).join(' | ')} |\n`
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter((fd) => isSocket(`${folder}/${fd}`)).length
}

/** A descriptor may be closed between being listed and being examined. */
function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:')
  } catch {
    return false
  }
}

async function heldBy(program: Program): Promise<number> {
  return Number(/"held_usd": ?([\d.e-]+)/.exec(await program.admin('/api/budgets'))?.[1])
}

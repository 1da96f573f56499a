import { readFileSync } from 'node:fs'

/**
 * The unit in which the kernel counts CPU time, whatever its timer's rate: `getconf CLK_TCK` is 100 on every
 * Linux.
 */
const MS_PER_TICK = 10

/**
 * CPU time of a process over all its threads, user and system, in milliseconds (proc(5): fields 14 and 15).
 */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}

/** CPU time of everything on this machine, in milliseconds, excluding idle, I/O wait and guest time. */
export function cpuMsOfMachine(): number {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '').split(/ +/)
  const [user, nice, system, , , interrupt, soft, steal] = fields.map(Number)
  return (
    [user, nice, system, interrupt, soft, steal].reduce<number>((sum, each) => sum + (each ?? 0), 0) *
    MS_PER_TICK
  )
}

import { constants, getPriority, setPriority } from 'node:os'

const { PRIORITY_BELOW_NORMAL } = constants.priority

/**
 * Lets the thread that serves requests run before the calling one where both want the same core. Linux keeps a
 * niceness for each thread. Elsewhere it belongs to the whole process and stays as it is.
 */
export function giveWay(): void {
  if (process.platform !== 'linux' || getPriority() >= PRIORITY_BELOW_NORMAL) return
  try {
    setPriority(PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox may forbid it; the thread then competes on equal terms.
  }
}

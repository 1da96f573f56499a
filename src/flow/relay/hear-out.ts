import type { Reply } from '../../upstream/upstream.ts'

/**
 * With less than this unread, no upstream is blocked on writing: it is the least a kernel buffers before it
 * stops the sender.
 */
const BLOCKING_BYTES = 65_536

/** How long to read on if more was waiting: twice what a blocked upstream's bytes may take to arrive. */
const LISTENING_MS = 50

/** What an upstream may newly write in the second half of that time. More than this is still backlog. */
const TRICKLE_BYTES = 16_384

/** More than the default buffers of two kernels hold. */
const MOST_BYTES = 16 * 2 ** 20

/**
 * SDKs hang up at the last `finish_reason`, a moment before the usage frame. The upstream is read for this
 * much longer, because without its usage a reasoning model's answer is charged at its bound. In milliseconds.
 */
const USAGE_GRACE_MS = 80

/**
 * Keeps reading an answer whose client has left, as long as that reveals more of what will be billed. Calls
 * `stop` once, with whether everything written by then was read.
 */
export function hearOut(
  meter: { readonly complete: boolean; readonly seen: { readonly totalBytes: number } },
  reply: Pick<Reply, 'isUnpacking'>,
  stop: (isAll: boolean) => void,
): void {
  // An immediate runs after the poll phase: usage that has already arrived is read, however late the timer
  // fires.
  if (meter.complete) setTimeout(() => setImmediate(() => stop(true)), USAGE_GRACE_MS)
  else readBacklog(meter.seen, reply, stop)
}

/**
 * When a client leaves, what the upstream has written so far is still in kernel buffers, above all if the
 * client had stopped reading. It will be billed, so it is read before the upstream is told to stop. What has
 * already arrived is read within two turns of the event loop; what the upstream was blocked from sending,
 * within one round trip. Decompressing it takes a thread of its own as long as it takes.
 *
 * Calls `done` once, within little more than 50 ms, with whether that was everything: false if bytes were
 * still arriving, or being decompressed, when the time or the byte limit was used up.
 */
function readBacklog(
  stream: { readonly totalBytes: number },
  reply: Pick<Reply, 'isUnpacking'>,
  done: (isAll: boolean) => void,
): void {
  const start = stream.totalBytes
  afterTurns(() => {
    if (stream.totalBytes - start < BLOCKING_BYTES && !reply.isUnpacking) return done(true)
    const half = () => {
      const middle = stream.totalBytes
      if (middle - start > MOST_BYTES) return done(false)
      const isQuiet = () => stream.totalBytes - middle <= TRICKLE_BYTES && !reply.isUnpacking
      setTimeout(() => afterTurns(() => done(isQuiet())), LISTENING_MS / 2)
    }
    setTimeout(half, LISTENING_MS / 2)
  })
}

/**
 * An immediate runs after the poll phase: by the second one, everything that had arrived before the first has
 * been read.
 */
function afterTurns(then: () => void): void {
  setImmediate(() => setImmediate(then))
}

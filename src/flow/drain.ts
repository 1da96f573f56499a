/**
 * While less than this waits for a reader who does not read, no upstream is kept from writing: the least a kernel takes
 * in before that.
 */
const BLOCKING_BYTES = 65_536

/** How long is listened where more had waited: twice what the bytes of an upstream that was kept waiting may take. */
const LISTENING_MS = 50

/** More in the second half of that time is what had been kept waiting; this is what an upstream may write in it. */
const TRICKLE_BYTES = 16_384

/** More than the buffers of two kernels hold by default. */
const MOST_BYTES = 16 * 2 ** 20

/**
 * SDKs hang up at the last `finish_reason`, a moment before the usage comes. So long is the upstream still listened to
 * then, since without its usage the answer of a reasoning model stands at its bound. In milliseconds.
 */
const USAGE_GRACE_MS = 80

/**
 * Hears out an answer whose client has left, for as long as that tells more of what it is billed for. `stop` is called once,
 * with whether all was heard that was written by then.
 */
export function hearOut(
  meter: { readonly complete: boolean; readonly seen: { readonly totalBytes: number } },
  stop: (isAll: boolean) => void,
): void {
  // An immediate comes after the sockets' turn: usage that is here already is read, however late the timer.
  if (meter.complete) setTimeout(() => setImmediate(() => stop(true)), USAGE_GRACE_MS)
  else drain(meter.seen, stop)
}

/**
 * When a client leaves, what its upstream has written by then is still in the kernels' buffers, above all where the
 * client had stopped reading: it is read before the upstream is told to stop, for it is billed. All of it that is here
 * comes within two turns of the event loop; what an upstream could not send yet, within one way there and back.
 *
 * `done` hears once, within 50 ms or a little more, whether that was all: not where bytes still came in when the time or the room was up.
 */
function drain(stream: { readonly totalBytes: number }, done: (isDry: boolean) => void): void {
  const start = stream.totalBytes
  afterTurns(() => {
    if (stream.totalBytes - start < BLOCKING_BYTES) return done(true)
    const half = () => {
      const middle = stream.totalBytes
      if (middle - start > MOST_BYTES) return done(false)
      setTimeout(() => afterTurns(() => done(stream.totalBytes - middle <= TRICKLE_BYTES)), LISTENING_MS / 2)
    }
    setTimeout(half, LISTENING_MS / 2)
  })
}

/** An immediate comes after the sockets' turn: in the second, all has been read that was there before the first. */
function afterTurns(then: () => void): void {
  setImmediate(() => setImmediate(then))
}

import { ChatFrames } from './chat-frames.ts'
import { onOneLine } from './event-data.ts'
import { nameOf, typeOf } from './event-type.ts'

/** A picture comes in one frame, together with its usage. */
const LONGEST_FRAME = 32 * 2 ** 20

/**
 * The frames of pictures, audio and whatever else is forwarded. Nothing in them marks the end of an answer,
 * but an error is an event of its own, besides the bare one of a chat.
 */
export class MediaFrames extends ChatFrames {
  constructor() {
    super(Infinity, false, LONGEST_FRAME)
  }

  override read(event: Buffer): boolean {
    const isUsage = super.read(event)
    const frame = onOneLine(event)
    if (nameOf(frame) === 'error' || typeOf(frame) === 'error') this.failed = true
    return isUsage
  }
}

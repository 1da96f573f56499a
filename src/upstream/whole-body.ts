import { Refusal } from '../base/failure.ts'
import type { Reply } from './upstream.ts'

/** No chat answer is this large; larger ones are not buffered. */
export const MOST_BODY_BYTES = 64 * 2 ** 20

/** Buffers a body. Rejects with a `Refusal` if it breaks off or is larger than makes sense. */
export function readWhole(reply: Reply, target: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    reply.read({
      data(chunk) {
        bytes += chunk.length
        if (bytes <= MOST_BODY_BYTES) chunks.push(chunk)
      },
      end() {
        if (bytes <= MOST_BODY_BYTES)
          resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks))
        else
          reject(
            new Refusal({
              code: 'upstream_broken',
              target,
              detail: `its body of ${bytes} bytes is too large`,
            }),
          )
      },
      broken(failure) {
        reject(new Refusal(failure))
      },
    })
  })
}

import { Refusal } from '../../base/failure.ts'
import type { Reply } from '../../upstream/upstream.ts'

/** Consumes an answer without keeping it. Rejects with a `Refusal` if it is an error or breaks off. */
export function readThrough(reply: Reply, target: string, take: (chunk: Buffer) => void): Promise<void> {
  const isError = reply.status < 200 || reply.status > 299
  return new Promise((resolve, reject) => {
    reply.read({
      data(chunk) {
        if (!isError) take(chunk)
      },
      end() {
        if (!isError) resolve()
        else reject(new Refusal({ code: 'upstream_broken', target, detail: `status ${reply.status}` }))
      },
      broken(failure) {
        reject(new Refusal(failure))
      },
    })
  })
}

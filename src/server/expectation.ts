import type { IncomingMessage } from 'node:http'

/**
 * What a client expects before it sends its body (RFC 9110 section 10.1.1). Of HTTP/1.0, which has no such word, it is
 * passed over.
 */
export function expectationOf({ headers: { expect }, httpVersion }: IncomingMessage): string | undefined {
  return httpVersion === '1.1' ? expect : undefined
}

/** Whether it is the one that there is. */
export function isForContinue(expectation: string): boolean {
  return /^\s*100-continue\s*$/i.test(expectation)
}

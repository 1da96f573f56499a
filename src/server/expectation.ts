import type { IncomingMessage } from 'node:http'

/** The `Expect` header (RFC 9110 section 10.1.1). Ignored for HTTP/1.0, which does not define it. */
export function expectationOf({ headers: { expect }, httpVersion }: IncomingMessage): string | undefined {
  return httpVersion === '1.1' ? expect : undefined
}

/** Whether it is the only expectation there is. */
export function isForContinue(expectation: string): boolean {
  return /^\s*100-continue\s*$/i.test(expectation)
}

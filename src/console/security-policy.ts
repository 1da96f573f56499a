import { config } from 'zod'

// The page's content security policy forbids evaluating code from strings. zod would try, and the violation
// would be reported.
config({ jitless: true })

/** The nonce without which the policy blocks the component library's `style` elements. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

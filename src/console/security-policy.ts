import { config } from 'zod'

// The page's content security policy allows no code from text. zod would try, and be reported.
config({ jitless: true })

/** What `style` elements of the component library must carry to be let in. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

import { z } from 'zod'

/**
 * A URL of the web without credentials, which would end up in logs. `instead` continues the refusal: where
 * they belong.
 */
export function webAddress(instead = '') {
  return z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
    .refine((url) => !holdsCredentials(url), `must not contain a user name or password${instead}`)
}

function holdsCredentials(url: string): boolean {
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}

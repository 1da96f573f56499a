import { z } from 'zod'

/** Where a listener binds. Port 0 lets the operating system choose. */
export interface Address {
  readonly host: string
  readonly port: number
}

const ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/
const EXPECTED = 'expected host:port, such as 127.0.0.1:8080 or [::1]:8080'

/** `127.0.0.1:8080`, `localhost:0`, `[::1]:8080`; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits] = ADDRESS.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

/** Whether a listener there is reachable only from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** An address in a configuration file. */
export const address = () =>
  z
    .string({ error: EXPECTED })
    .regex(ADDRESS, { error: EXPECTED, abort: true })
    .meta({ title: 'host:port' })
    .transform((written, context) => {
      const parsed = parseAddress(written)
      if (parsed !== undefined) return parsed
      context.issues.push({ code: 'custom', message: EXPECTED, input: written })
      return z.NEVER
    })

import { z } from 'zod'
import { address } from './address.ts'
import { People } from './people-schema.ts'
import { size, timerDuration } from './units.ts'

/** As a browser sends it: no path, not even a slash. */
const ORIGIN = /^(\*|https?:\/\/[^/\s?#]+)$/

export const Server = z.strictObject({
  listen: address()
    .prefault('127.0.0.1:8080')
    .describe('Data plane: serves `/v1/*`, and the same paths without `/v1`.'),
  admin: address()
    .prefault('127.0.0.1:8081')
    .describe('Admin plane: console at `/`, API under `/api/`, `/healthz`, `/readyz`, `/metrics`.'),
  admin_token: z
    .string()
    .prefault('')
    .describe(
      'Token for the admin plane. Empty: loopback only, with a token generated and printed once at startup.',
    ),
  people: People.prefault([]).describe('Other users of the admin plane, each with their own token.'),
  max_body: size()
    .prefault('20MiB')
    .describe('Largest request body held in memory. Applies before and after decompression.'),
  max_upload: size()
    .prefault('1GiB')
    .describe('Largest request body streamed through unread: files, upload parts, anything without a price.'),
  cors: z
    .array(z.string().regex(ORIGIN, 'expected an origin such as https://app.example, or *'))
    .prefault([])
    .describe(
      'Origins whose pages may call the data plane from a browser. `*` allows all, an empty list none.',
    ),
  drain: timerDuration()
    .prefault('30s')
    .describe('Time requests in flight get to finish after SIGTERM; at most `24d`.'),
})

import { z } from 'zod'
import { WireError } from './wire-error.ts'

/**
 * Faults that can be requested. `when` counts body writes: `mid_stream` strikes between two of them,
 * `mid_frame` inside one. `pause` waits for `Simulator.release`; each release lets one pause continue.
 */
export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    code: z.coerce.number().int(),
    retry_after_ms: z.coerce.number().optional(),
  }),
  /** Any error in the vendor's envelope, for scripts. */
  z.strictObject({ kind: z.literal('refuse'), error: WireError }),
  /** An HTML page of an edge in front of the vendor. */
  z.strictObject({ kind: z.literal('html'), code: z.coerce.number().int().optional() }),
  z.strictObject({ kind: z.literal('model_not_found') }),
  z.strictObject({ kind: z.literal('reset'), when: z.enum(['before_headers', 'mid_stream', 'mid_frame']) }),
  z.strictObject({
    kind: z.literal('stall'),
    when: z.enum(['before_headers', 'after_headers', 'mid_stream']),
  }),
  z.strictObject({ kind: z.literal('pause'), when: z.enum(['mid_frame', 'every_frame']) }),
  z.strictObject({ kind: z.literal('early_end'), when: z.enum(['after_headers', 'mid_stream']).optional() }),
  z.strictObject({ kind: z.literal('no_done') }),
  z.strictObject({ kind: z.literal('error_frame') }),
  /**
   * Something that should be JSON is not: a stream frame, after which nothing more comes, or the whole body.
   */
  z.strictObject({ kind: z.literal('no_json') }),
  /** Compresses the response although the client did not ask for it. */
  z.strictObject({ kind: z.literal('gzip') }),
  z.strictObject({
    kind: z.literal('drip'),
    ms: z.coerce.number(),
    bytes: z.coerce.number().int().min(1).optional(),
  }),
])
export type Fault = z.infer<typeof Fault>

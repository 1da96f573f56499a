import { z } from 'zod'
import { CAPTURE_MODES } from '../../capture/mode.ts'
import { whyUnusable } from '../../capture/own-pattern.ts'
import { duration } from './units.ts'

const Pattern = z
  .string()
  .superRefine((pattern, context) => {
    const why = whyUnusable(pattern)
    if (why !== undefined) context.addIssue({ code: 'custom', message: why })
  })
  .describe('What to redact, as a pattern in RE2 syntax (matched in linear time).')

const Own = z.strictObject({
  mark: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,30}$/, 'expected up to 31 lower-case letters, digits, dashes or underscores')
    .describe('Replacement, in brackets: `customer` leaves `[customer]`.'),
  pattern: Pattern,
})

export const captureMode = () => z.enum(CAPTURE_MODES)

export const Capture = z.strictObject({
  prompts: captureMode().prefault('none').describe('How much of each prompt the ledger keeps.'),
  retain: duration().prefault('30d').describe('How long that is kept; then it is deleted from its row.'),
  redact: z
    .array(Own)
    .prefault([])
    .describe(
      'Further patterns to redact from kept text. E-mail addresses, phone numbers, keys, card numbers, IBANs and IP addresses always are.',
    ),
})

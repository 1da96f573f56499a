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
  .describe('What to take out, in RE2’s syntax: time linear in the text.')

const Own = z.strictObject({
  mark: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,30}$/, 'expected up to 31 lower-case letters, digits, dashes or underscores')
    .describe('What stands in its place, in brackets: `customer` leaves `[customer]`.'),
  pattern: Pattern,
})

export const captureMode = () => z.enum(CAPTURE_MODES)

export const Capture = z.strictObject({
  prompts: captureMode().prefault('none').describe('What the ledger keeps of a prompt.'),
  retain: duration().prefault('30d').describe('How long it is kept; then it is deleted from its row.'),
  redact: z
    .array(Own)
    .prefault([])
    .describe('Taken out of kept text beside e-mail, phone, keys, cards, IBAN and IP addresses.'),
})

import { z } from 'zod'
import { ENDPOINTS } from '../../base/endpoint.ts'
import { MOST, toUsd } from '../../base/money.ts'
import { WINDOWS } from '../../budget/budget.ts'
import { captureMode } from './capture-schema.ts'
import { date } from './units.ts'

/**
 * Names are part of budget ids (`team:research/month`), so they must not contain the separators. They stand in
 * every row, log line and key of Redis, so none is long.
 */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
export const NAME_EXPECTED = 'expected up to 128 letters, digits, dots, dashes or underscores'

const Budget = z.strictObject({
  usd: z
    .number()
    .min(1e-9, 'a budget must be above 0')
    .max(toUsd(MOST), `a budget may be at most ${Math.floor(toUsd(MOST))} USD`)
    .describe('US dollars that may be spent per window.'),
  per: z.enum(WINDOWS).describe('Calendar window in UTC. Weeks start on Monday; `total` never resets.'),
})

/** Two budgets for the same window would share an id, and only the smaller could ever bind. */
const Budgets = z.array(Budget).superRefine((budgets, context) => {
  budgets.forEach(({ per }, index) => {
    if (budgets.findIndex((other) => other.per === per) < index) {
      context.addIssue({ code: 'custom', path: [index, 'per'], message: `a second budget per ${per}` })
    }
  })
})

/** Below this an answer is hardly worth its input. Tokens per choice. */
const MIN_OUTPUT = 256

const most = z.int().min(1).max(1_000_000_000)
const Limits = z.strictObject({
  requests_per_minute: most.optional().describe('Maximum requests in any 60 seconds.'),
  tokens_per_minute: most.optional().describe('Maximum input and output tokens in any 60 seconds.'),
  concurrent: most.optional().describe('Maximum requests in flight at once.'),
})
export type LimitSettings = z.infer<typeof Limits>

const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'expected the SHA-256 of the key: 64 hex digits')
  .toLowerCase()

/** The previous secret of a rotated key. */
const Previous = z.strictObject({
  sha256: sha256.describe('SHA-256 of the old key.'),
  expires: date().describe('Time (UTC) from which the old key is refused.'),
})

const Key = z.strictObject({
  id: z
    .string()
    .regex(NAME, NAME_EXPECTED)
    .describe('Name of the key in the ledger; unique within the team.'),
  sha256: sha256.describe('SHA-256 of the key, in hex. `trivium keys create` writes it.'),
  budgets: Budgets.prefault([]).describe('Budgets of this key, in addition to the team’s.'),
  limits: Limits.prefault({}).describe('Limits of this key, in addition to the team’s.'),
  expires: date().optional().describe('Time (UTC) from which the key is refused.'),
  previous: Previous.optional().describe(
    'The old key after a rotation, still accepted until it expires. `trivium keys rotate` writes it.',
  ),
})
export type KeySettings = z.infer<typeof Key>

const Keys = z.array(Key).superRefine((keys, context) => {
  const known = new Set<string>()
  keys.forEach(({ id }, index) => {
    if (known.has(id))
      context.addIssue({ code: 'custom', path: [index, 'id'], message: `a second key "${id}"` })
    known.add(id)
  })
})

export const TeamSettings = z.strictObject({
  budgets: Budgets.prefault([]).describe('What the team may spend. An empty list: no limit.'),
  when_exhausted: z
    .enum(['refuse', 'cheapest'])
    .prefault('refuse')
    .describe('`cheapest` first falls back to the cheapest capable model, then refuses.'),
  min_output: most
    .prefault(MIN_OUTPUT)
    .describe(
      'Fewest output tokens per choice to which a short budget or limit lowers a request’s cap. With less room, the next model serves or the request is refused.',
    ),
  alert_at: z
    .array(z.number().gt(0).max(1))
    .prefault([0.8, 0.95])
    .describe('Fractions of a budget, the team’s or a key’s, that trigger an alert.'),
  limits: Limits.prefault({}).describe('Limits for the whole team.'),
  models: z.array(z.string()).min(1).optional().describe('Models the team may use; absent: all.'),
  routing: z
    .enum(['always', 'auto_only', 'off'])
    .prefault('always')
    .describe(
      '`always`: the class decides the model. `auto_only`: only if the client asks for model `auto`. `off`: the client’s model serves.',
    ),
  endpoints: z
    .array(z.enum(ENDPOINTS))
    .prefault(['chat', 'responses', 'embeddings', 'models'])
    .describe(
      'Endpoints the team may call; all others are refused. Listing one that cannot be priced accepts unmetered spend.',
    ),
  capture: captureMode()
    .optional()
    .describe('How much of this team’s prompts the ledger keeps; absent: `capture.prompts`.'),
  keys: Keys.prefault([]).describe('The team’s keys.'),
})
export type TeamSettings = z.infer<typeof TeamSettings>

import { z } from 'zod'
import { redisAddress } from './redis-address.ts'
import { duration } from './units.ts'

const storeFailure = (what: string) =>
  z
    .enum(['refuse', 'allow_within_local_share'])
    .prefault('refuse')
    .describe(
      `Requests under a ${what} limit while Redis is unavailable: refuse them, or let each replica admit its share of the limit.`,
    )

const storeAddress = (protocol: RegExp, expected: string) =>
  z.url({ protocol, error: `expected an address such as ${expected}`, abort: true }).optional()

const LEAST_RETAIN_MS = 7 * 86_400_000

export const Store = z
  .strictObject({
    sqlite: z
      .string()
      .min(1)
      .prefault('data/trivium.db')
      .describe('Database file for a single process, relative to the working directory.'),
    redis: redisAddress()
      .optional()
      .describe(
        'Redis shared by all replicas; requires `postgres`, and `sqlite` is then not used. A list names nodes of a cluster.',
      ),
    postgres: storeAddress(/^postgres(ql)?$/, 'postgres://trivium@localhost/trivium').describe(
      'Postgres shared by all replicas; requires `redis`.',
    ),
    retain: duration()
      .refine(
        (ms) => ms >= LEAST_RETAIN_MS,
        'must be at least 7d: a row must not be deleted while it may still change',
      )
      .prefault('400d')
      .describe('How long rows are kept; at least `7d`. Sums and balances are kept forever.'),
    on_store_failure: z
      .strictObject({
        requests: storeFailure('`requests_per_minute`'),
        tokens: storeFailure('`tokens_per_minute`'),
        concurrent: storeFailure('`concurrent`'),
        money: z
          .enum(['refuse'], {
            error: 'must be refuse: while Redis is down, what a replica may spend is unknown (see ADR 12)',
          })
          .prefault('refuse')
          .describe('Requests under a budget while Redis is unavailable: always refused.'),
      })
      .prefault({})
      .describe('What happens to limits and budgets while Redis is unavailable.'),
  })
  .refine(({ redis, postgres }) => (redis === undefined) === (postgres === undefined), {
    error: 'set both redis and postgres: budgets are kept in Redis, rows in Postgres',
    path: ['redis'],
  })

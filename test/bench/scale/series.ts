import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { startSharedStores } from '../../support/shared-stores.ts'
import { fill } from '../ledger/fill.ts'
import { KEY, type Variation } from '../proxy/program.ts'
import { writeRules } from './rules.ts'

/** One program of a certain size. */
export interface Point {
  readonly size: number
  readonly variation: Variation
  /** Number of keys used in rotation; absent: one. */
  readonly keys?: number
  /** Streams that stay open meanwhile, each sending a word a second. */
  readonly streams?: number
  /** Programs that share their stores and are asked at once; absent: one. */
  readonly replicas?: number
  /** Ends what was started for it. */
  readonly dispose?: () => Promise<void>
}

/** What grows, and to which sizes. */
export interface Series {
  readonly name: string
  readonly what: string
  readonly sizes: readonly number[]
  /** `folder` belongs to this point alone. */
  point(size: number, folder: string): Point | Promise<Point>
}

const DAYS = 30
const limits = { requests_per_minute: 10_000_000, tokens_per_minute: 1_000_000_000, concurrent: 10_000 }
const budgets = [
  { usd: 1_000_000, per: 'month' },
  { usd: 500_000, per: 'day' },
]

export const SERIES: readonly Series[] = [
  {
    name: 'teams',
    what: 'teams, a key each, all of which ask',
    sizes: [10, 1_000, 10_000],
    point: (size) => {
      const teams = times(size, (place) => [`team-${place}`, { budgets, limits, keys: [keyEntry(place)] }])
      return { size, keys: size, variation: { settings: { teams: Object.fromEntries(teams) } } }
    },
  },
  {
    name: 'keys',
    what: 'keys of one team, all of which ask',
    sizes: [10, 1_000, 100_000],
    point: (size) => {
      const team = { budgets, limits, keys: times(size, keyEntry) }
      return { size, keys: size, variation: { settings: { teams: { team } } } }
    },
  },
  {
    name: 'rules',
    what: 'rules',
    sizes: [10, 100, 1_000],
    point: (size, folder) => {
      const settings = { classifier: { rules: writeRules(folder, size) } }
      return { size, variation: { settings } }
    },
  },
  {
    name: 'rows',
    what: 'rows in the ledger',
    sizes: [0, 1_000_000, 10_000_000],
    point: async (size, folder) => {
      const sqlite = join(folder, 'filled.db')
      if (size > 0) await fill(sqlite, { rows: size, days: DAYS, until: Date.now() - 60_000 })
      // The first start tallies all rows, which is not what is measured.
      await openLedger(sqlite).close()
      return { size, variation: { store: { sqlite } } }
    },
  },
  {
    name: 'streams',
    what: 'open streams, each with a word a second',
    sizes: [10, 1_000, 10_000],
    point: (size) => ({ size, streams: size, variation: {} }),
  },
  {
    name: 'replicas',
    what: 'replicas on one Redis and one Postgres, asked for one team',
    sizes: [1, 2, 4],
    point: async (size) => {
      const { redis, postgres, dispose } = await startSharedStores({ persistence: 'everysec' })
      const store = { redis: redis.url, postgres: postgres.url }
      return { size, replicas: size, variation: { store }, dispose }
    },
  },
]

function times<T>(count: number, make: (place: number) => T): T[] {
  return Array.from({ length: count }, (_, place) => make(place))
}

function keyEntry(place: number): object {
  return { id: `key-${place}`, sha256: createHash('sha256').update(`${KEY}${place}`).digest('hex') }
}

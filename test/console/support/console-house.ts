import { createHash } from 'node:crypto'
import { compose } from '../../../src/compose.ts'
import type { Simulator } from '../../../src/simulator/server.ts'
import { keyEntry, prepareHouse, type Settings } from '../../support/house.ts'
import { furnishLedger } from './furnished-ledger.ts'

/** Sign-in tokens, by role. */
export const TOKENS = {
  admin: 'admin-token-of-the-tests',
  reviewer: 'reviewer-token-of-the-tests',
  viewer: 'viewer-token-of-the-tests',
} as const
export type Person = keyof typeof TOKENS

/** A key of team `research`, whose holder sees the page of that key. */
export const HOLDERS_KEY = 'sk-notebooks'

export interface ConsoleHouse {
  readonly adminUrl: string
  readonly simulator: Simulator
  readonly config: string
  /** Sends a chat, with the holder's key unless another is given, and reads the whole answer. */
  ask(prompt: string, key?: string): Promise<Response>
  /** The id of the newest answered request in the prepared ledger. */
  readonly request: string
  close(): Promise<void>
}

export interface ConsoleHouseOptions {
  readonly rows?: number
  readonly days?: number
  readonly labelled?: number
  readonly settings?: Settings
}

/** A Trivium with its console in front of a simulator, with a ledger of use by three teams. */
export async function openConsoleHouse({
  rows = 300,
  days = 6,
  labelled = 0.3,
  settings,
}: ConsoleHouseOptions = {}): Promise<ConsoleHouse> {
  const options = { settings: { ...HOUSE, ...settings }, team: TEAMS.research }
  const house = await prepareHouse(options)
  const request = await furnishLedger({ config: house.config, file: house.database, rows, days, labelled })
  const trivium = await compose({ config: house.config, env: {} })
  const { status } = await fetch(trivium.adminUrl, { headers: { accept: 'text/html' } })
  if (status !== 200) throw new Error('the console is not built: npm run build:console')
  return {
    adminUrl: trivium.adminUrl,
    simulator: house.simulator,
    config: house.config,
    request,
    async ask(prompt, key = HOLDERS_KEY) {
      const answer = await fetch(`${trivium.dataUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: prompt }] }),
      })
      await answer.text()
      return answer
    },
    async close() {
      await trivium.close()
      await house.close()
    },
  }
}

const TEAMS = {
  research: {
    budgets: [
      { usd: 16, per: 'month' },
      { usd: 1, per: 'day' },
    ],
    limits: { requests_per_minute: 600, tokens_per_minute: 4_000_000, concurrent: 64 },
    keys: [
      keyEntry(HOLDERS_KEY, { id: 'notebooks', budgets: [{ usd: 0.5, per: 'day' }] }),
      keyEntry('sk-ci', { id: 'ci', expires: '2027-06-30' }),
    ],
  },
  support: {
    budgets: [
      { usd: 7, per: 'month' },
      { usd: 0.3, per: 'hour' },
    ],
    when_exhausted: 'cheapest',
    keys: [keyEntry('sk-helpdesk', { id: 'helpdesk' })],
  },
  studio: {
    budgets: [{ usd: 2, per: 'week' }],
    models: ['o1-mini', 'gpt-4o', 'gpt-4o-mini'],
    keys: [keyEntry('sk-editors', { id: 'editors' })],
  },
} as const

const HOUSE = {
  server: {
    listen: '127.0.0.1:0',
    admin: '127.0.0.1:0',
    drain: '200ms',
    admin_token: TOKENS.admin,
    people: (['reviewer', 'viewer'] as const).map((role) => ({
      name: role,
      role,
      sha256: sha256(TOKENS[role]),
    })),
  },
  capture: { prompts: 'full', retain: '30d' },
  teams: TEAMS,
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

import { setTimeout as sleep } from 'node:timers/promises'
import { type NanoUsd, nanoUsd, ZERO } from '../../base/money.ts'
import type { Ask, Balance, Budget, NoRoom } from '../../budget/budget.ts'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import type { Closing, OpenRow, Row } from '../row.ts'
import type { BalanceScripts, Claim, Ended, Ending, Taken, Untaken } from './balance-scripts.ts'
import type { Balances } from './balances.ts'
import { closingLine, openLine, wholeLine } from './columns.ts'
import { NO_EPOCH } from './epoch.ts'
import { SharedHold } from './hold.ts'
import type { Change, Mirror } from './mirror.ts'
import type { Retry } from './retry.ts'
import { accountsOf } from './team-keys.ts'
import { WaitingRows } from './waiting-rows.ts'

/** After this long, a command that timed out has either been executed or never will be. Milliseconds. */
const RELEASE_AFTER_MS = 200

interface HoldServiceParts {
  readonly scripts: BalanceScripts
  readonly balances: Balances
  readonly mirror: Mirror
  readonly retry: Retry
  /** Open holds, whose leases must be renewed. */
  readonly open: Set<SharedHold>
  /** How long a request waits for balances that are not in Redis, in milliseconds. */
  readonly loadPatienceMs: number
  /** Called when a row of this team is on its way to Postgres. */
  onRow(team: string): void
}

/** Takes and ends holds: decides in Redis, updates the mirror, and retries every end until it is done. */
export class HoldService {
  /** Rows that cost nothing, while Redis is away. */
  readonly waiting: WaitingRows
  readonly #parts: HoldServiceParts

  constructor(parts: HoldServiceParts) {
    this.#parts = parts
    this.waiting = new WaitingRows(parts.retry, (row) => this.#recordFree(row))
  }

  /**
   * Rejects when Redis does not answer, or the team's balances are not loaded, in time; nothing is held then.
   */
  async hold(row: OpenRow, budgets: readonly Budget[], ask: Ask): Promise<SharedHold | NoRoom> {
    const { id, team, key, at } = row
    const claim: Claim = { id, team, key, at, open: openLine(row) }
    const taken = await this.#take(claim, budgets, ask)
    if (taken.word !== 'ok') return this.#refusal(taken, claim, budgets)
    const hold = new SharedHold(claim, budgets, nanoUsd(taken.amount), taken.epoch, this)
    this.#parts.open.add(hold)
    return hold
  }

  async extend({ claim, budgets }: SharedHold, ask: Ask): Promise<NanoUsd | NoRoom> {
    const taken = await this.#parts.scripts.take('extend', claim, budgets, ask)
    if (taken.word === 'ok') {
      this.#parts.mirror.see(accountsOf(claim), taken.standings)
      return nanoUsd(taken.amount)
    }
    return this.#refusal(taken, claim, budgets)
  }

  settle(hold: SharedHold, closing: Closing): Promise<boolean> {
    const { open, mirror, scripts } = this.#parts
    open.delete(hold)
    const { claim } = hold
    const change = mirror.change(accountsOf(claim), closing.cost, -hold.held)
    const line = { ...claim.open, ...closingLine(closing) }
    // As long as no attempt can have succeeded, a missing hold means that Redis lost it: `NO_EPOCH` makes
    // the script answer `lost`.
    const end = (mayBeDone: boolean) => {
      const epoch = mayBeDone ? hold.epoch : NO_EPOCH
      return scripts.end(claim, { mode: 'settle', epoch, cost: closing.cost, line })
    }
    const load = () => this.#parts.balances.ensure(claim.team, claim.at)
    return this.#endWithRetries(claim.team, change, end, { cold: load, lost: () => this.adopt(hold) })
  }

  async record(row: Row): Promise<void> {
    if (row.cost > 0) {
      const { end, load } = this.#recordingOf(row)
      const change = this.#parts.mirror.change(accountsOf(row), row.cost, 0)
      await this.#endWithRetries(row.team, change, end, { cold: load, lost: load })
      return
    }
    // Nothing depends on a row without cost, so its request does not wait for it: a store that is down would
    // pile such requests up.
    try {
      await this.#recordFree(row)
    } catch (error) {
      if (!this.waiting.add(row)) throw error
    }
  }

  /**
   * Restores a hold that Redis lost, even beyond the limits: its request is already on its way upstream.
   * `isWanted` is checked last, because a hold that has ended in the meantime must not come back.
   */
  async adopt(hold: SharedHold, isWanted = () => true): Promise<void> {
    const { scripts, balances } = this.#parts
    await balances.ensure(hold.claim.team, hold.claim.at)
    if (!isWanted()) return
    const taken = await scripts.take('adopt', hold.claim, [], { atMost: hold.held, atLeast: hold.held })
    if (taken.word === 'ok') hold.epoch = taken.epoch
  }

  balances(budgets: readonly Budget[], at: number): readonly Balance[] {
    return budgets.map((budget) => this.#parts.mirror.balance(budget, at))
  }

  async #recordFree(row: Row): Promise<void> {
    const { end, load } = this.#recordingOf(row)
    if ((await end()).word === 'cold') await load().then(end)
    this.#parts.onRow(row.team)
  }

  #recordingOf(row: Row) {
    const { scripts, balances } = this.#parts
    const ending: Ending = { mode: 'record', cost: row.cost, line: wholeLine(row) }
    return { end: () => scripts.end(row, ending), load: () => balances.ensure(row.team, row.at) }
  }

  async #take(claim: Claim, budgets: readonly Budget[], ask: Ask): Promise<Taken | Untaken> {
    const { scripts, balances, mirror, loadPatienceMs } = this.#parts
    try {
      let taken = await scripts.take('hold', claim, budgets, ask)
      if (taken.word === 'cold') {
        const loaded = balances.ensure(claim.team, claim.at)
        await Promise.race([loaded, sleep(loadPatienceMs, undefined, { ref: false })])
        taken = await scripts.take('hold', claim, budgets, ask)
      }
      if ('standings' in taken) mirror.see(accountsOf(claim), taken.standings)
      return taken
    } catch (error) {
      // A command that certainly did not run needs no undoing. Undoing it would be retried for as long as
      // Redis is away.
      if (error instanceof StoreUnavailable && error.mayBeDone) this.#release(claim)
      throw error
    }
  }

  /**
   * Releases a hold that may or may not have been taken: its request is being refused, so it must not stand
   * until its lease expires.
   */
  #release(claim: Claim): void {
    const ending: Ending = { mode: 'release', cost: ZERO, line: {} }
    const { retry, scripts, balances } = this.#parts
    const end = () => scripts.end(claim, ending)
    // If the balances are lost now, they are restored with the hold in them.
    const load = () => balances.ensure(claim.team, claim.at)
    const release = async () => {
      await sleep(RELEASE_AFTER_MS, undefined, { ref: false })
      await retry.untilDone(() => endRestored(end, { cold: load, lost: load }))
    }
    release().catch(() => undefined)
  }

  /** Ends a request in Redis, retrying as often as needed. */
  async #endWithRetries(
    team: string,
    change: Change,
    end: (mayBeDone: boolean) => Promise<Ended>,
    restoring: Restoring,
  ): Promise<boolean> {
    let mayBeDone = false
    const tryEnd = async () => {
      try {
        return await end(mayBeDone)
      } catch (error) {
        mayBeDone ||= !(error instanceof StoreUnavailable) || error.mayBeDone
        throw error
      }
    }
    try {
      const ended = await this.#parts.retry.untilDone(() => endRestored(tryEnd, restoring))
      if (ended.word === 'ok') change.confirm(ended.standings)
      else change.keep()
      this.#parts.onRow(team)
      return true
    } catch (error) {
      change.drop()
      throw error
    }
  }

  #refusal(taken: Taken | Untaken, claim: Claim, budgets: readonly Budget[]): NoRoom {
    if (taken.word === 'held' || taken.word === 'exhausted') {
      this.#parts.mirror.see(accountsOf(claim), taken.standings)
      const budget = budgets[taken.amount]
      if (budget !== undefined)
        return { refused: taken.word, balance: this.#parts.mirror.balance(budget, claim.at) }
    }
    throw new StoreUnavailable(`redis: the balances of team ${claim.team} are being brought back`)
  }
}

/** How to restore what Redis has lost: the balances, or a hold alone. */
type Restoring = Readonly<Record<'cold' | 'lost', () => Promise<void>>>

/**
 * Ends a request in Redis, after restoring what Redis has lost: the balances first, since only with them can
 * Redis tell whether the hold is lost as well. Throws `StoreUnavailable` if that is lost again.
 */
async function endRestored(end: () => Promise<Ended>, restoring: Restoring): Promise<Ended> {
  for (let losses = 0; losses <= MOST_LOSSES; losses += 1) {
    const ended = await end()
    if (ended.word !== 'cold' && ended.word !== 'lost') return ended
    if (losses < MOST_LOSSES) await restoring[ended.word]()
  }
  throw new StoreUnavailable('redis: what was brought back is lost again')
}

/** The balances, then the hold. */
const MOST_LOSSES = 2

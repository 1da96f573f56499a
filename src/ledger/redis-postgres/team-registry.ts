import type { RedisConnection } from '../../redis/connection.ts'
import { textsIn } from '../../redis/reply.ts'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import { TEAMS } from './team-keys.ts'

/**
 * The teams with data in Redis. In a cluster one node has the list, and its loss must not affect the teams on
 * other nodes: this replica therefore remembers every team it has read from the list or served itself, and
 * adds to the list any that are missing.
 */
export class TeamRegistry {
  readonly #redis: RedisConnection
  readonly #known = new Set<string>()

  constructor(redis: RedisConnection) {
    this.#redis = redis
  }

  /** Cheap enough to call for every request. */
  note(team: string): void {
    this.#known.add(team)
  }

  /**
   * Remembers a team, and adds it to the list. Does not wait for that: the list's node may be frozen, and
   * whoever adds a team has its lock. If it fails, `all` adds the team later, and says why if it cannot.
   */
  add(team: string): void {
    this.#known.add(team)
    this.#redis.command('SADD', [TEAMS, team]).catch(() => undefined)
  }

  /** Every team, as far as this replica can know. */
  async all(): Promise<readonly string[]> {
    try {
      const listed = new Set(textsIn(await this.#redis.command('SMEMBERS', [TEAMS])))
      const lacking = [...this.#known].filter((team) => !listed.has(team))
      if (lacking.length > 0) await this.#redis.command('SADD', [TEAMS, ...lacking])
      for (const team of listed) this.#known.add(team)
    } catch (error) {
      unlessAway(error)
    }
    return [...this.#known]
  }
}

function unlessAway(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error
}

/**
 * Runs a job for every team. A team whose node is down does not keep the others waiting; its error is thrown
 * at the end.
 */
export async function forEachTeam(
  teams: readonly string[],
  job: (team: string) => Promise<void>,
): Promise<void> {
  const problems: unknown[] = []
  for (const team of teams) await job(team).catch((error: unknown) => problems.push(error))
  if (problems.length > 0) throw problems[0]
}

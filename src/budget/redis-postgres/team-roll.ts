import type { RedisConnection } from '../../redis/connection.ts'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import { TEAMS } from './team-keys.ts'
import { textsIn } from './treasury.ts'

/**
 * The teams that Redis holds something of. Of a cluster one node has the list, and must not be missed by the teams of the
 * others: what this replica has seen of it, or served itself, it remembers, and writes down what the list lacks.
 */
export class TeamRoll {
  readonly #redis: RedisConnection
  readonly #known = new Set<string>()

  constructor(redis: RedisConnection) {
    this.#redis = redis
  }

  /** Costs little enough for every request. */
  note(team: string): void {
    this.#known.add(team)
  }

  /** Notes a team, and writes it down at once if the list is there. */
  async add(team: string): Promise<void> {
    this.#known.add(team)
    await this.#redis.command('SADD', [TEAMS, team]).catch(unlessAway)
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

/** Does a job for every team, so that one whose node is away keeps none of the others waiting; throws its error then. */
export async function forEachTeam(
  teams: readonly string[],
  job: (team: string) => Promise<void>,
): Promise<void> {
  const problems: unknown[] = []
  for (const team of teams) await job(team).catch((error: unknown) => problems.push(error))
  if (problems.length > 0) throw problems[0]
}

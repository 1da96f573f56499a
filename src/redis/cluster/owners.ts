import { authorityOf } from '../address.ts'
import type { StoreHealth } from '../connection.ts'
import type { Stretch } from './layout.ts'
import { SLOTS } from './slot.ts'

/** A server that owns slots. */
export interface Owner {
  readonly host: string
  readonly port: number
  /** `host:port`. */
  readonly authority: string
}

/** The slot owners, as last reported by a node. */
export class Owners {
  readonly #bySlot: (Owner | undefined)[] = new Array(SLOTS).fill(undefined)
  readonly #byAuthority = new Map<string, Owner>()

  constructor(layout: readonly Stretch[]) {
    for (const { from, to, host, port } of layout) this.#bySlot.fill(this.#owner(host, port), from, to + 1)
  }

  get all(): readonly Owner[] {
    return [...this.#byAuthority.values()]
  }

  has(authority: string): boolean {
    return this.#byAuthority.has(authority)
  }

  at(slot: number): Owner | undefined {
    return this.#bySlot[slot]
  }

  /** Records that one slot has moved. */
  move(slot: number, { host, port }: Pick<Owner, 'host' | 'port'>): void {
    this.#bySlot[slot] = this.#owner(host, port)
  }

  /** Health of the cluster, given that of each owner. */
  health(healthOf: (owner: Owner) => StoreHealth | undefined): StoreHealth {
    const sick = this.all.flatMap((owner) => {
      const health = healthOf(owner)
      return health?.ok ? [] : [`${owner.authority}: ${health?.why ?? 'not connected yet'}`]
    })
    const missing = this.#bySlot.filter((owner) => owner === undefined).length
    if (missing > 0) sick.push(`${missing} slots have no node`)
    if (sick.length === 0) {
      const [warning] = this.all.flatMap((owner) => {
        const health = healthOf(owner)
        return health?.ok === true && health.warning !== undefined ? [health.warning] : []
      })
      return { ok: true, ...(warning !== undefined && { warning }) }
    }
    const away = `of ${this.#byAuthority.size} cluster nodes not all serve: ${sick.join('; ')}`
    return sick.length < this.#byAuthority.size + (missing > 0 ? 1 : 0)
      ? { ok: true, warning: away }
      : { ok: false, why: away }
  }

  #owner(host: string, port: number): Owner {
    const authority = authorityOf({ host, port })
    const known = this.#byAuthority.get(authority)
    if (known !== undefined) return known
    const owner = { host, port, authority }
    this.#byAuthority.set(authority, owner)
    return owner
  }
}

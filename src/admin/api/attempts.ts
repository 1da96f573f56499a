import { LRUCache } from 'lru-cache'

/** Wrong credentials allowed per minute from one address, or one IPv6 network. */
export const WRONG_TRIES = 10

const WINDOW_MS = 60_000
/**
 * Leading groups of an IPv6 address that identify the network: an attacker with one address usually has all
 * 2^64 in it.
 */
const NETWORK_GROUPS = 4
/** Addresses remembered, most recent attempts first. */
const ADDRESSES = 10_000

interface Tries {
  wrong: number
  readonly since: number
}

/** Counts wrong credentials by address, or by IPv6 network, to prevent guessing. */
export class Attempts {
  readonly #tries = new LRUCache<string, Tries>({ max: ADDRESSES })
  readonly #elapsed: () => number

  /** `elapsed` is `Clock.elapsed()`. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Milliseconds until this address may present a credential again; 0 if it may now. */
  waitOf(address: string): number {
    const tries = this.#current(address)
    return tries === undefined || tries.wrong < WRONG_TRIES ? 0 : tries.since + WINDOW_MS - this.#elapsed()
  }

  countWrong(address: string): void {
    const tries = this.#current(address)
    if (tries === undefined) this.#tries.set(networkOf(address), { wrong: 1, since: this.#elapsed() })
    else tries.wrong++
  }

  #current(address: string): Tries | undefined {
    const tries = this.#tries.get(networkOf(address))
    return tries !== undefined && this.#elapsed() < tries.since + WINDOW_MS ? tries : undefined
  }
}

/** The network of an IPv6 address; an IPv4 address itself, also in its IPv6-mapped form. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address
  const [before = '', after = ''] = address.split('::')
  const groups = before.split(':').filter(Boolean)
  const rest = after.split(':').filter(Boolean)
  const zeros = Array<string>(8 - groups.length - rest.length).fill('0')
  return [...groups, ...zeros, ...rest].slice(0, NETWORK_GROUPS).join(':')
}

import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from './client.ts'
import type { Kind, Load, Order } from './order.ts'

/**
 * Connections start slightly staggered, because responses of equal length would otherwise stay in lockstep.
 */
const APART_MS = 2

/** A crowd's streams are opened in batches of this size. */
const AT_ONCE = 100

/** A crowd's stream sends one word a second, until its client disconnects. */
const OPEN_STREAM: Kind = { name: 'open', bytes: 1024, chunks: 3600, delayMs: 0, everyMs: 1000 }

interface Times {
  readonly firstByteMs: number[]
  readonly totalMs: number[]
}

async function play(order: Order): Promise<Load> {
  const crowd = await gather(order)
  const clients = await connected(order.connections, () => new Client(order.door, order.kind))
  const times: Times = { firstByteMs: [], totalMs: [] }
  const began = performance.now()
  if (order.how === 'closed') await askOnEnd(order, clients, times)
  else await askWhenDue(order, clients, times)
  const ms = performance.now() - began
  for (const client of [...clients, ...crowd]) client.close()
  return {
    requests: times.totalMs.length,
    errors: clients.reduce((sum, { errors }) => sum + errors, 0),
    firstError: clients.find(({ firstError }) => firstError !== undefined)?.firstError,
    ms,
    // Times of a closed loop are not used, and there are many.
    firstByteMs: order.how === 'closed' ? [] : times.firstByteMs,
    totalMs: order.how === 'closed' ? [] : times.totalMs,
  }
}

async function connected(count: number, make: () => Client): Promise<readonly Client[]> {
  const clients = Array.from({ length: count }, make)
  await Promise.all(clients.map((client) => client.open()))
  return clients
}

/** Opens the streams that stay open, and waits until all have started. */
async function gather({ how, door, streams }: Order): Promise<readonly Client[]> {
  const all: Client[] = []
  while (how === 'crowd' && all.length < streams) {
    const some = await connected(Math.min(AT_ONCE, streams - all.length), () => new Client(door, OPEN_STREAM))
    for (const client of some) client.ask(performance.now(), () => {})
    all.push(...some)
    await sleep(50)
  }
  if (all.length > 0) await sleep(1500)
  return all
}

async function askOnEnd({ ms }: Order, clients: readonly Client[], times: Times): Promise<void> {
  const until = performance.now() + ms
  await Promise.all(
    clients.map(async (client, place) => {
      await sleep(place * APART_MS)
      while (performance.now() < until) await asked(client, performance.now(), times)
    }),
  )
}

/** A request that is due while no connection is free waits for one and is late. */
async function askWhenDue({ ms, rate }: Order, clients: readonly Client[], times: Times): Promise<void> {
  const began = performance.now()
  const total = Math.floor((rate * ms) / 1000)
  const ends: Promise<void>[] = []
  for (let next = 0; next < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) * rate) / 1000))
    for (let free = idle(clients); next < due && free !== undefined; free = idle(clients)) {
      ends.push(asked(free, began + (next * 1000) / rate, times))
      next += 1
    }
    await sleep(1)
  }
  await Promise.all(ends)
}

function idle(clients: readonly Client[]): Client | undefined {
  return clients.find(({ isBusy }) => !isBusy)
}

function asked(client: Client, dueAt: number, times: Times): Promise<void> {
  return new Promise((resolve) => {
    client.ask(dueAt, (firstByteMs, totalMs) => {
      times.firstByteMs.push(firstByteMs)
      times.totalMs.push(totalMs)
      resolve()
    })
  })
}

process.on('message', async (order: Order) => {
  process.send?.(await play(order))
})
process.on('disconnect', () => process.exit(0))

import { z } from 'zod'
import { check, say } from '../ledger/figures.ts'
import { HOLDER, type Program } from './program.ts'

/** Limit for a view's p95, in milliseconds. */
const MOST_MS = 200
/** Limit for blocking the event loop, on which requests are served, while people browse. Milliseconds. */
const MOST_STALL_MS = 50

const List = z.object({ data: z.array(z.object({ id: z.string() })), next_cursor: z.string().nullable() })

/** One request per view, as the console's pages send them. */
async function viewsOf(program: Program): Promise<readonly (readonly [string, string, string?])[]> {
  const first = List.parse((await program.ask('/api/requests?limit=200')).answer)
  const id = first.data[77]?.id ?? ''
  const deep = new Date(Date.now() - 20 * 86_400_000).toISOString()
  return [
    ['overview, a day', '/api/overview?window=24h'],
    ['overview, a week', '/api/overview?window=7d'],
    ['overview, a month', '/api/overview?window=30d'],
    ['overview, a month of one team', '/api/overview?window=30d&team=team-7'],
    ['savings, a day', '/api/savings?window=24h'],
    ['savings, a month', '/api/savings?window=30d'],
    ['requests, 50', '/api/requests'],
    ['requests, 200', '/api/requests?limit=200'],
    ['requests, the next page', `/api/requests?cursor=${first.next_cursor}`],
    ['requests of 20 days ago', `/api/requests?until=${deep}`],
    ['requests of the rarest team', '/api/requests?team=team-0'],
    ['requests that broke off', '/api/requests?outcome=broken'],
    [
      'requests by class, cause and confidence',
      '/api/requests?class=stem_reasoning&cause=abstained&confidence_max=0.4',
    ],
    ['requests of a team and a model', '/api/requests?team=team-7&model=o1-mini'],
    ['requests of a model that nobody asked', '/api/requests?model=nobody'],
    ['requests of a rule that never spoke', '/api/requests?cause=rule:nothing'],
    ['requests that nothing matches', '/api/requests?endpoint=nothing'],
    ['requests by a text that stands in few', '/api/requests?text=semaphore'],
    ['requests by label', '/api/requests?label=factual_recall'],
    ['one request in full', `/api/requests/${id}`],
    ['review queue, a week', '/api/review'],
    ['review queue of one team', '/api/review?team=team-3'],
    ['agreement', '/api/agreement'],
    ['a team with its keys', '/api/teams/team-39'],
    ['a key holder’s own view', '/api/me', HOLDER],
  ]
}

/** Requests every view repeatedly, and tracks the program's peak memory. */
export async function browse(program: Program, runs: number): Promise<void> {
  const views = await viewsOf(program)
  const memory = [program.memory()]
  const stalls = watchLoop(program)
  for (const [what, path, token] of views) {
    const times: number[] = []
    for (let run = 0; run < runs; run += 1) times.push((await program.ask(path, token)).ms)
    times.sort((one, other) => one - other)
    const at = (part: number) => times[Math.ceil(part * times.length) - 1] ?? 0
    const figures = `p50 ${at(0.5).toFixed(1)} ms   p95 ${at(0.95).toFixed(1)} ms`
    say(what, figures + check(at(0.95) <= MOST_MS))
    memory.push(program.memory())
  }
  const { p99, longest } = await stalls()
  say(
    'the event loop meanwhile',
    `p99 ${p99.toFixed(1)} ms   longest ${longest.toFixed(1)} ms${check(p99 < MOST_STALL_MS)}`,
  )
  for (let round = 0; round < 20; round += 1)
    for (const [, path, token] of views) await program.ask(path, token)
  const last = program.memory()
  const shown = [memory[0], memory.at(-1), last].map((mib) => mib?.toFixed(0)).join(' → ')
  say('resident memory: start → once through → twenty times', `${shown} MiB`)
}

/** Measures how long the program takes to answer a request that costs it nothing. */
function watchLoop(program: Program): () => Promise<{ readonly p99: number; readonly longest: number }> {
  const times: number[] = []
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      const started = performance.now()
      await (await fetch(`${program.adminUrl}/healthz`)).text()
      times.push(performance.now() - started)
    }
  })()
  return async () => {
    isOver = true
    await watching
    times.sort((one, other) => one - other)
    return { p99: times[Math.ceil(0.99 * times.length) - 1] ?? 0, longest: times.at(-1) ?? 0 }
  }
}

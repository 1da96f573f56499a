import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { compose } from '../../../src/compose.ts'
import { addCandidate, rulesDeciding } from '../../support/candidates.ts'
import { prepareHouse } from '../../support/house.ts'
import { markdown } from '../proxy/figures.ts'

/**
 * How long requests wait while new rules take effect, in milliseconds: `node test/bench/tuning/stalls.ts
 * [ROUNDS]`. Two figures per step: the longest event loop delay, which a busy machine increases, and the
 * longest uninterrupted CPU time of the thread, which it hardly does. For each, the maximum per round and the
 * median over rounds.
 */
const rounds = Number(process.argv[2] ?? 5)
const TOKEN = 'stalls'

const { config, close } = await prepareHouse({
  settings: {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: TOKEN },
    classifier: { rules: 'shipped-rules.yaml' },
  },
})
const rules = join(config, '..', 'shipped-rules.yaml')
writeFileSync(rules, readFileSync('config/rules.yaml'))
const trivium = await compose({ config, env: {} })

interface Stall {
  readonly delayMs: number
  readonly cpuMs: number
}

async function longestDuring(step: () => Promise<void>): Promise<Stall> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  let most = 0
  let before = process.threadCpuUsage()
  const tick = () => {
    const now = process.threadCpuUsage()
    most = Math.max(most, now.user + now.system - before.user - before.system)
    before = now
  }
  const ticking = setInterval(tick, 1)
  histogram.enable()
  await step()
  await sleep(50)
  histogram.disable()
  clearInterval(ticking)
  return { delayMs: histogram.max / 1e6, cpuMs: most / 1e3 }
}

async function decide(path: string, body: object): Promise<void> {
  const answer = await fetch(`${trivium.adminUrl}/api/tuning/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
}

const stalls: Record<string, Stall[]> = { promote: [], 'roll back': [], 'edit rules': [] }
const measure = async (name: string, step: () => Promise<void>) =>
  stalls[name]?.push(await longestDuring(step))
for (let round = 0; round < rounds; round += 1) {
  const version = await addCandidate(config, `xyzzy${round}`, 'stem_reasoning')
  await measure('promote', () => decide('promote', { version }))
  await measure('roll back', () => decide('rollback', {}))
  writeFileSync(rules, rulesDeciding(`plugh${round}`, 'factual_recall'))
  await measure('edit rules', async () => trivium.reload())
}
await trivium.close()
await close()

const median = (figures: number[]) => figures.sort((a, b) => a - b)[figures.length >> 1]?.toFixed(1) ?? ''
const lines = Object.entries(stalls).map(([name, all]) => [
  name,
  median(all.map(({ cpuMs }) => cpuMs)),
  Math.max(...all.map(({ cpuMs }) => cpuMs)).toFixed(1),
  median(all.map(({ delayMs }) => delayMs)),
  Math.max(...all.map(({ delayMs }) => delayMs)).toFixed(1),
])
const heading = ['', 'CPU in one go: median', 'most', 'delay of the loop: median', 'most']
process.stdout.write(`${markdown([heading, ...lines])}\n`)

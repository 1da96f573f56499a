import type { PlayedScenario } from './columns.ts'
import { ADMIN_TOKEN, type House, TEAMS } from './house.ts'
import { total } from './report.ts'
import { isServed } from './shown-line.ts'

/** What the table says, for programs. Money is in nano-dollars; the baseline is that of the requests served. */
export function resultOf(house: House, entries: readonly PlayedScenario[], unexpected: readonly string[]) {
  const served = entries.map(({ line }) => line).filter(isServed)
  return {
    requests: entries.map(({ scenario: { group, prompt }, line }) => ({ group, prompt, row: line })),
    cost_nusd: total(entries.map(({ line }) => line.cost_nusd)),
    baseline_nusd: total(served.map((line) => line.baseline_nusd)),
    billed_nusd: house.simulator.billedNanoUsd(),
    unexpected,
  }
}

/** How to reach what `--keep` leaves running. */
export function waysIn({ dataUrl, adminUrl, simulator }: House) {
  return {
    base_url: `${dataUrl}/v1`,
    api_key: TEAMS.workshop.key,
    console: adminUrl,
    admin_token: ADMIN_TOKEN,
    upstream: simulator.baseUrl,
  }
}

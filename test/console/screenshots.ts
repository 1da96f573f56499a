import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Manifest } from '../../src/tuning/manifest.ts'
import { openBrowser } from './support/browser.ts'
import { type ConsoleHouse, HOLDERS_KEY, openConsoleHouse, TOKENS } from './support/console-house.ts'
import { goTo, OWN, sightsOf } from './support/sights.ts'
import { signIn } from './support/sign-in.ts'
import { type Scheme, visit } from './support/visitor.ts'

/**
 * `node test/console/screenshots.ts [NAME …]`: takes screenshots of the console's pages, light and dark, into
 * docs/console, from a Trivium with a month of use, promoted rules and a raised budget. Check them before use.
 */
const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'console')
const SCHEMES: readonly Scheme[] = ['light', 'dark']
const SIZE = { width: 1320, height: 860 }

/** Realistic rules. */
const TENANCY = `
  - id: tenancy-en
    class: language_heavy
    weight: 1.5
    languages: [en]
    reason: 'Asks about a tenancy, where wording counts.'
    patterns:
      - '\\b(tenancy|rental|lease) agreement'
    example: 'Is this clause of my tenancy agreement valid?'
    counter_example: 'How long is a lease in C++?'
`
const OPENING_HOURS = `
  - id: opening-hours-en
    class: factual_recall
    weight: 1.5
    languages: [en]
    reason: 'Asks when something is open.'
    patterns:
      - '\\bopening hours of'
    example: 'What are the opening hours of the Louvre?'
    counter_example: 'Write a poem about opening'
`

const wanted = process.argv.slice(2)
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name)

mkdirSync(FOLDER, { recursive: true })
const house = await openConsoleHouse({ rows: 6_000, days: 30, labelled: 0.06 })
const browser = await openBrowser()
try {
  await useIt(house)
  for (const scheme of SCHEMES) {
    const admin = await visit(browser, house.adminUrl, { scheme, ...SIZE })
    const keep = (page: Page, name: string) =>
      page.screenshot({ path: join(FOLDER, `${name}-${scheme}.png`) })
    if (isWanted('sign-in')) {
      await admin.page.getByRole('button', { name: 'Sign in' }).waitFor()
      await keep(admin.page, 'sign-in')
    }
    await signIn(admin.page, TOKENS.admin)
    for (const sight of sightsOf(house.request).filter(({ name }) => isWanted(name))) {
      await goTo(admin.page, house.adminUrl, sight)
      await keep(admin.page, sight.name)
    }
    await admin.close()
    if (!isWanted(OWN.name)) continue
    const holder = await visit(browser, house.adminUrl, { scheme, ...SIZE })
    await signIn(holder.page, HOLDERS_KEY)
    await goTo(holder.page, house.adminUrl, OWN)
    await keep(holder.page, OWN.name)
    await holder.close()
  }
} finally {
  await browser.close()
  await house.close()
}

/** Adds what is shown besides requests: candidates, decisions and a budget raise. */
async function useIt({ adminUrl }: ConsoleHouse): Promise<void> {
  const post = async (path: string, body: object) => {
    const answer = await fetch(adminUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKENS.admin}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return answer.json()
  }
  const keep = async (rule: string, note: string) => {
    const rules = readFileSync('config/rules.yaml', 'utf8').replace(/^rules:\n/m, `rules:\n${rule}`)
    return Manifest.parse(await post('/api/tuning/candidates', { rules, based_on: null, note }))
  }
  const promoted = await keep(TENANCY, 'tenancy questions want careful words')
  const shadowed = await keep(OPENING_HOURS, 'opening hours are facts')
  await post('/api/tuning/promote', { version: promoted.version })
  await post('/api/tuning/shadow', { version: shadowed.version })
  const until = new Date(Date.now() + 3 * 86_400_000).toISOString()
  await post('/api/budgets/raises', {
    budget: 'team:research/day',
    usd: 0.5,
    until,
    who: 'grace',
    reason: 'demo week',
  })
}

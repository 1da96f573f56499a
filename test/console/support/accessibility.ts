import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { z } from 'zod'

const Violations = z.array(
  z.object({
    id: z.string(),
    impact: z.string().nullish(),
    help: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
  }),
)

/** Serious and critical faults that axe finds on a page, one line each. */
export async function barriersOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then((report) => report.violations)`,
  )
  return Violations.parse(found)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ html, failureSummary = '' }) =>
          `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary.replace(/\s+/g, ' ')}`,
      ),
    )
}

/**
 * Resolves once colours have faded into those of the scheme: on a busy machine axe met a dark scheme's letters on the
 * light one's ground.
 */
const SETTLED = `Promise.all(
  document
    .getAnimations()
    .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity)
    .map(({ finished }) => finished.catch(() => undefined)),
).then(() => undefined)`

/** What axe finds on each page, in the light colour scheme and, without a reload, in the dark one. */
export class Barriers {
  readonly found: Record<string, readonly string[]> = {}
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Checks what is shown now. */
  async look(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.#page.emulateMedia({ colorScheme })
      await this.#page
        .locator(`html[data-mantine-color-scheme=${colorScheme}]`)
        .waitFor({ state: 'attached' })
      await this.#page.evaluate(SETTLED)
      const barriers = await barriersOn(this.#page)
      if (barriers.length > 0) this.found[`${name}, ${colorScheme}`] = barriers
    }
  }
}

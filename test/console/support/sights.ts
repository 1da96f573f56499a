import type { Page } from 'playwright-core'
import { z } from 'zod'

/** A page of the console in a state worth checking. */
export interface Sight {
  /** Of its screenshot. */
  readonly name: string
  readonly path: string
  /** The page's heading. */
  readonly title: string | RegExp
  /** Brings the page into its state, once it has loaded. */
  readonly prepare?: (page: Page) => Promise<void>
}

/** Every page as an admin sees it. `request` is the id of any request. */
export function sightsOf(request: string): readonly Sight[] {
  return [
    { name: 'overview', path: '/?window=30d', title: 'Overview' },
    { name: 'savings', path: '/savings?window=30d', title: 'Savings' },
    { name: 'requests', path: '/requests', title: 'Requests' },
    { name: 'request', path: `/requests/${request}`, title: /%$/ },
    { name: 'review', path: '/review', title: 'Review' },
    { name: 'agreement', path: '/review?view=agreement', title: 'Review' },
    { name: 'tuning', path: '/tuning', title: 'Tuning', prepare: replayDraft },
    { name: 'candidates', path: '/tuning?view=candidates', title: 'Tuning' },
    { name: 'shadow', path: '/tuning?view=shadow', title: 'Tuning' },
    { name: 'history', path: '/tuning?view=history', title: 'Tuning' },
    { name: 'teams', path: '/teams', title: 'Teams' },
    { name: 'team', path: '/teams/research', title: 'research' },
    { name: 'audit', path: '/audit', title: 'Audit' },
  ]
}

/** A page and the buttons on it that open dialogues. */
export interface Asking extends Sight {
  readonly buttons: readonly string[]
}

/** An admin's dialogues; they require one candidate that is promoted and another that is not. */
export const DIALOGUES: readonly Asking[] = [
  {
    name: 'team',
    path: '/teams/research',
    title: 'research',
    buttons: ['Create a key', 'Rotate', 'Revoke', 'Raise temporarily'],
  },
  {
    name: 'candidates',
    path: '/tuning?view=candidates',
    title: 'Tuning',
    buttons: ['Promote', 'Shadow', 'Roll back'],
  },
]

/** Opens the dialogue of a button, calls `look`, and closes the dialogue. */
export async function lookInto(page: Page, button: string, look: () => Promise<void>): Promise<void> {
  await page
    .locator('button:enabled', { hasText: new RegExp(`^${button}$`) })
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
  await look()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

/** Goes to a page and waits until everything on it has loaded. */
export async function goTo(page: Page, base: string, { path, title, prepare }: Sight): Promise<void> {
  await page.goto(`${base}${path}`)
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  await untilRead(page)
  await prepare?.(page)
  await untilRead(page)
}

/** How many pixels a page is wider than its window. */
export async function pixelsBeyond(page: Page): Promise<number> {
  const { scrollWidth, clientWidth } = z
    .object({ scrollWidth: z.number(), clientWidth: z.number() })
    .parse(
      await page.evaluate(
        `(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.documentElement)`,
      ),
    )
  return scrollWidth - clientWidth
}

/** Resolves when nothing on the page is still loading. */
async function untilRead(page: Page): Promise<void> {
  await page
    .getByRole('status')
    .filter({ hasText: /^(Reading|Checking) / })
    .first()
    .waitFor({ state: 'hidden' })
}

/** Replays a higher abstention threshold, which changes enough verdicts to show something. */
async function replayDraft(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Abstain below' }).fill('0.9')
  await page.getByRole('button', { name: 'Replay' }).click()
  await page.getByRole('status', { name: 'What would change' }).waitFor()
}

/** What the holder of a key sees. */
export const OWN: Sight = { name: 'own', path: '/', title: 'My key' }

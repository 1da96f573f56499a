import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { promote } from '../../src/cli/promote.ts'
import { addCandidate, run } from '../support/candidates.ts'
import { eventually } from '../support/eventually.ts'
import { Barriers, barriersOn } from './support/accessibility.ts'
import { openBrowser, withoutChromium } from './support/browser.ts'
import { type ConsoleHouse, HOLDERS_KEY, openConsoleHouse, TOKENS } from './support/console-house.ts'
import { DIALOGUES, goTo, lookInto, OWN, pixelsBeyond, sightsOf } from './support/sights.ts'
import { showToken, signIn } from './support/sign-in.ts'
import { visit } from './support/visitor.ts'

describe('every page is usable by everyone with access', { skip: withoutChromium, concurrency: 3 }, () => {
  let house: ConsoleHouse
  let browser: Browser

  before(async () => {
    house = await openConsoleHouse({ rows: 80 })
    // A promoted candidate to roll back, and another to promote.
    const version = await addCandidate(house.config, 'canton of glarus', 'language_heavy')
    await run(promote, [version, '--config', house.config])
    await addCandidate(house.config, 'canton of zug', 'language_heavy')
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await house?.close()
  })

  test('no page has serious accessibility faults in either colour scheme, errors or CSP violations', async () => {
    const { page, faults, close } = await visit(browser, house.adminUrl)
    const barriers = new Barriers(page)
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await barriers.look('sign in')
    await signIn(page, TOKENS.admin)
    for (const sight of sightsOf(house.request)) {
      await goTo(page, house.adminUrl, sight)
      await barriers.look(sight.name)
    }
    assert.deepEqual(barriers.found, {})
    assert.deepEqual(await faults(), [])
    await close()
  })

  test('no dialogue has serious accessibility faults in either colour scheme', async () => {
    const { page, faults, close } = await visit(browser, house.adminUrl)
    await signIn(page, TOKENS.admin)
    const barriers = new Barriers(page)
    for (const { buttons, ...sight } of DIALOGUES) {
      await goTo(page, house.adminUrl, sight)
      for (const button of buttons) await lookInto(page, button, () => barriers.look(button))
    }
    await goTo(page, house.adminUrl, { name: 'draft', path: '/tuning', title: 'Tuning' })
    await page.getByRole('textbox', { name: 'Abstain below' }).fill('0.9')
    await lookInto(page, 'Save as candidate', () => barriers.look('save as candidate'))
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await barriers.look('keys')
    assert.deepEqual(barriers.found, {})
    assert.deepEqual(await faults(), [])
    await close()
  })

  test('no page is wider than a phone screen; wider content scrolls within it, also by keyboard', async () => {
    const size = { scheme: 'dark', width: 400, height: 800 } as const
    const { page, faults, close } = await visit(browser, house.adminUrl, size)
    const beyond: Record<string, number> = {}
    const measure = async (name: string, page: Page) => {
      const pixels = await pixelsBeyond(page)
      if (pixels > 0) beyond[name] = pixels
    }
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await measure('sign in', page)
    await signIn(page, TOKENS.admin)
    for (const sight of sightsOf(house.request)) {
      await goTo(page, house.adminUrl, sight)
      await measure(sight.name, page)
    }
    await page.getByRole('region', { name: 'Audit' }).press('ArrowRight')
    const scrolled = `document.querySelector('[role="region"][aria-label="Audit"]').scrollLeft > 0`
    await eventually(async () => (await page.evaluate(scrolled)) || undefined)
    assert.deepEqual(await barriersOn(page), [])
    assert.deepEqual(await faults(), [])
    await close()
    const holder = await visit(browser, house.adminUrl, size)
    await signIn(holder.page, HOLDERS_KEY)
    await goTo(holder.page, house.adminUrl, OWN)
    await measure(OWN.name, holder.page)
    assert.deepEqual(beyond, {})
    await holder.close()
  })

  test('a wrong token is rejected as invalid and opens nothing', async () => {
    const { page, faults, close } = await visit(browser, house.adminUrl)
    await showToken(page, 'not-the-token')
    await page.getByText('This token is not valid.').waitFor()
    assert.equal(await page.getByRole('navigation').count(), 0)
    const [unauthorised, ...others] = await faults()
    assert.match(unauthorised ?? '', /401.*\/api\/session/)
    assert.deepEqual(others, [])
    await close()
  })

  test('a viewer sees no promote button, and the API refuses the promotion to the viewer’s session', async () => {
    const version = await addCandidate(house.config, 'canton of schwyz', 'language_heavy')
    const { page, faults, close } = await visit(browser, `${house.adminUrl}/tuning?view=candidates`)
    await signIn(page, TOKENS.viewer)
    await page.getByRole('row').filter({ hasText: version }).waitFor()
    for (const name of ['Promote', 'Shadow', 'Roll back'])
      assert.equal(await page.getByRole('button', { name }).count(), 0, name)
    assert.equal(await page.getByRole('navigation').getByRole('link', { name: 'Audit' }).count(), 0)
    assert.deepEqual(await faults(), [])
    const refused = await page.evaluate(`(async () => {
      const { csrf } = await (await fetch('/api/session')).json()
      const answer = await fetch('/api/tuning/promote', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
        body: JSON.stringify({ version: '${version}' }),
      })
      return [answer.status, (await answer.json()).error.code]
    })()`)
    assert.deepEqual(refused, [403, 'forbidden'])
    await close()
  })

  test('the holder of a key sees only the view of that key', async () => {
    const { page, faults, close } = await visit(browser, house.adminUrl)
    await signIn(page, HOLDERS_KEY)
    await page.getByText('notebooks').first().waitFor()
    assert.equal(await page.getByText('support').count(), 0)
    assert.deepEqual(await barriersOn(page), [])
    assert.deepEqual(await faults(), [])
    await close()
  })
})

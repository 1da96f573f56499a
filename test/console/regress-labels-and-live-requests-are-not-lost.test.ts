import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { openBrowser, withoutChromium } from './support/browser.ts'
import { type ConsoleHouse, openConsoleHouse, TOKENS } from './support/console-house.ts'
import { signIn } from './support/sign-in.ts'
import { visit } from './support/visitor.ts'

// Somebody who used the console as an attacker found: of several labels that failed only the last one came
// back; a held key labelled what nobody had read; Enter opened a request whatever had the focus; and the live
// log lost what had ended while it was not listening, although it said "Live".

describe('the console', { skip: withoutChromium }, () => {
  let house: ConsoleHouse
  let browser: Browser

  before(async () => {
    house = await openConsoleHouse()
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await house?.close()
  })

  async function queue(): Promise<Page> {
    const { page } = await visit(browser, `${house.adminUrl}/review`)
    await signIn(page, TOKENS.reviewer)
    await page.getByRole('region', { name: 'The request to label' }).waitFor()
    return page
  }

  const done = (page: Page) => page.getByRole('region', { name: 'Done' })
  const shownText = (page: Page) => page.getByRole('region', { name: 'The request to label' }).innerText()

  test('brings back every label that could not be saved, after the request that is being read', async () => {
    const page = await queue()
    let isAway = true
    const failing: (() => Promise<void>)[] = []
    await page.route('**/label', async (route) => {
      if (!isAway) return route.continue()
      const body = { error: { message: 'the store is away', code: 'store_unavailable' } }
      failing.push(() => route.fulfill({ status: 503, json: body }))
    })
    const lost = [await shownText(page)]
    await page.keyboard.press('1')
    await done(page)
      .getByText(/^1 labelled/)
      .waitFor()
    lost.push(await shownText(page))
    await page.keyboard.press('2')
    await done(page)
      .getByText(/^2 labelled/)
      .waitFor()
    const reading = await shownText(page)
    await eventually(() => (failing.length === 2 ? true : undefined))
    for (const fail of failing) await fail()
    await done(page).getByText('Labels are saved at once.').waitFor()
    await page.getByText('That was not saved').waitFor()
    assert.equal(await shownText(page), reading, 'what is read does not change under the keys')
    isAway = false
    await page.keyboard.press('s')
    for (const text of lost) {
      assert.equal(await shownText(page), text)
      const saved = page.waitForResponse((response) => response.url().endsWith('/label'))
      await page.keyboard.press('3')
      assert.equal((await saved).status(), 200)
    }
    await page.getByText('That was not saved').waitFor({ state: 'detached' })
  })

  test('labels one request however long a key is held, and leaves Enter to what has the focus', async () => {
    const page = await queue()
    const labelled: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/label')) labelled.push(request.url())
    })
    await page.keyboard.down('1')
    for (let times = 0; times < 5; times += 1) await page.keyboard.down('1')
    await page.keyboard.up('1')
    await done(page)
      .getByText(/^1 labelled/)
      .waitFor()
    const before = await shownText(page)
    await page.getByRole('button', { name: 'Skip' }).focus()
    await page.keyboard.press('Enter')
    await eventually(async () => ((await shownText(page)) === before ? undefined : true))
    assert.match(page.url(), /\/review$/)
    assert.equal(labelled.length, 1)
  })

  test('remembers what was skipped while a request is looked at, and Undo brings it back', async () => {
    const page = await queue()
    const skipped = await shownText(page)
    await page.keyboard.press('s')
    await eventually(async () => ((await shownText(page)) === skipped ? undefined : true))
    const reading = await shownText(page)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /, / }).waitFor()
    await page.goBack()
    await done(page).getByText('skipped').waitFor()
    assert.equal(await shownText(page), reading)
    await page.keyboard.press('u')
    await eventually(async () => ((await shownText(page)) === skipped ? true : undefined))
  })

  test('goes on with the focus at the next request once one was labelled by a button', async () => {
    const page = await queue()
    const sheet = page.getByRole('region', { name: 'The request to label' })
    const before = await shownText(page)
    await sheet.getByRole('button').first().focus()
    await page.keyboard.press('Enter')
    await eventually(async () => ((await shownText(page)) === before ? undefined : true))
    await sheet.and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Tab')
    await sheet.getByRole('button').first().and(page.locator(':focus')).waitFor()
  })

  test('shows what ended while the log was paused, or another page was open', async () => {
    const { page } = await visit(browser, `${house.adminUrl}/requests`)
    await signIn(page, TOKENS.admin)
    const row = (text: string) => page.getByRole('row').filter({ hasText: text })
    await page.getByRole('button', { name: 'Live' }).waitFor()
    await house.ask('Which animal is the first zebrafish?')
    await row('first zebrafish').waitFor()
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'Still' }).waitFor()
    await house.ask('Which animal is the second zebrafish?')
    await page.keyboard.press('l')
    await row('second zebrafish').waitFor()
    assert.equal(await row('first zebrafish').count(), 1)
    await page.getByRole('link', { name: 'first zebrafish' }).click()
    await page.getByRole('heading', { level: 1, name: /, / }).waitFor()
    await house.ask('Which animal is the third zebrafish?')
    await page.keyboard.press('Escape')
    await row('third zebrafish').waitFor()
    assert.equal(await row('second zebrafish').count(), 1)
  })

  test('shows what ended between reading the first list and listening, however slow that list arrives', async () => {
    const { page } = await visit(browser, `${house.adminUrl}/overview`)
    await signIn(page, TOKENS.admin)
    const read = Promise.withResolvers<void>()
    const listening = page.waitForResponse((response) => response.url().includes('/api/live'))
    let lists = 0
    await page.route('**/api/requests?*', async (route) => {
      lists += 1
      if (lists > 1) return route.continue()
      const first = await route.fetch()
      await house.ask('Which animal is the late axolotl?')
      read.resolve()
      await listening
      await page.getByRole('button', { name: 'Live' }).waitFor()
      await route.fulfill({ response: first }).catch(() => {})
    })
    await page.route('**/api/live*', async (route) => {
      await read.promise
      await route.continue()
    })
    await page.getByRole('navigation').getByRole('link', { name: 'Requests' }).click()
    await page.getByRole('row').filter({ hasText: 'late axolotl' }).waitFor()
  })

  test('tells whoever has gone on that a label was not saved, and shows it on no other request', async () => {
    const { page } = await visit(browser, `${house.adminUrl}/requests`)
    await signIn(page, TOKENS.reviewer)
    await house.ask('Which animal is the first quokka?')
    await house.ask('Which animal is the second quokka?')
    await page.getByRole('link', { name: 'second quokka' }).click()
    await page.getByRole('button', { name: 'Language 3' }).waitFor()
    const held = Promise.withResolvers<void>()
    const calls: string[] = []
    await page.route('**/label', async (route) => {
      calls.push(route.request().url())
      await held.promise
      if (calls.length === 1) return route.continue()
      const body = { error: { message: 'the store is away', code: 'store_unavailable' } }
      return route.fulfill({ status: 503, json: body })
    })
    await page.keyboard.press('3')
    await eventually(() => (calls.length === 1 ? true : undefined))
    const labelled = page.url()
    await page.keyboard.press('j')
    await page.getByText('first quokka').first().waitFor()
    const answered = page.waitForResponse((response) => response.url().endsWith('/label'))
    held.resolve()
    await answered
    const pressed = page.getByRole('button', { name: 'Language 3', pressed: true })
    assert.equal(await pressed.count(), 0, 'the label belongs to the request before')
    await page.keyboard.press('2')
    await eventually(() => (calls.length === 2 ? true : undefined))
    await page.keyboard.press('Escape')
    await page.getByRole('alert').filter({ hasText: 'the store is away' }).waitFor()
    await page.goto(labelled)
    await pressed.waitFor()
  })

  test('raises a budget by what was typed, key by key', async () => {
    const { page } = await visit(browser, `${house.adminUrl}/teams/research`)
    await signIn(page, TOKENS.admin)
    await page
      .getByRole('button', { name: /^Raise/ })
      .first()
      .click()
    const raise = page.getByRole('button', { name: 'Raise', exact: true })
    await page.getByRole('textbox', { name: 'Why' }).fill('a test')
    await page.getByRole('textbox', { name: 'By' }).focus()
    await page.keyboard.type('1,5')
    await page.getByText('Dollars, such as 1.50').waitFor()
    assert.ok(await raise.isDisabled())
    for (let key = 0; key < 3; key += 1) await page.keyboard.press('Backspace')
    await page.keyboard.type('1.25')
    const asked = page.waitForRequest((request) => request.url().endsWith('/raises'))
    await raise.click()
    assert.equal((await asked).postDataJSON().usd, 1.25)
  })

  test('checks a draft again whose check failed, so that it can be saved', async () => {
    const { page } = await visit(browser, house.adminUrl)
    await signIn(page, TOKENS.admin)
    const busy = { error: { message: 'the server is busy', code: 'busy' } }
    await page.route('**/api/tuning/check', (route) => route.fulfill({ status: 503, json: busy }))
    await page.getByRole('navigation').getByRole('link', { name: 'Tuning' }).click()
    await page.getByText('the server is busy').waitFor()
    await page.getByRole('textbox', { name: 'Abstain below' }).fill('0.9')
    const save = page.getByRole('button', { name: 'Save as candidate' })
    assert.ok(await save.isDisabled())
    await page.unroute('**/api/tuning/check')
    await eventually(async () => (await save.isEnabled()) || undefined)
  })

  test('listens again once a server that had refused it accepts', async () => {
    const { page } = await visit(browser, house.adminUrl)
    await signIn(page, TOKENS.admin)
    await page.route('**/api/live*', (route) => route.fulfill({ status: 502, body: 'no' }))
    await page.getByRole('navigation').getByRole('link', { name: 'Requests' }).click()
    await page.getByRole('button', { name: 'Connection lost' }).waitFor()
    await page.unroute('**/api/live*')
    await page.getByRole('button', { name: 'Live' }).waitFor()
  })
})

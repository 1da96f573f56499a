import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { openBrowser, withoutChromium } from './support/browser.ts'
import { type ConsoleHouse, openConsoleHouse, TOKENS } from './support/console-house.ts'
import { signIn } from './support/sign-in.ts'
import { visit } from './support/visitor.ts'

const PROMPT = 'Which town is the capital of the canton of Uri?'
/** The pattern is last, so that it can be typed over. */
const RULE = `

  - id: of-uri
    class: language_heavy
    weight: 8
    decide: true
    languages: [en]
    reason: 'People ask about Uri to be told a story.'
    example: 'the canton of uri'
    counter_example: 'the canton of bern'
    patterns: ['canton of `

describe('the whole loop', { skip: withoutChromium }, () => {
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

  test('works in a browser, from a request arriving live to a rule promoted and rolled back', async () => {
    const { page, faults } = await visit(browser, house.adminUrl)
    const walk = walkOf(page, house)
    await walk.signsIn()
    await walk.seesRequestArrive()
    await walk.filters()
    await walk.opensAndLabels()
    await walk.isToldOfSlowRule()
    await walk.replaysRule()
    await walk.promotes()
    await walk.rollsBack()
    await walk.findsItAllInAudit()
    assert.deepEqual(await faults(), [])
  })

  test('lets a reviewer label the queue by keyboard and undo a label', async () => {
    const { page, faults } = await visit(browser, `${house.adminUrl}/review`)
    await signIn(page, TOKENS.reviewer)
    await page.getByRole('region', { name: 'The request to label' }).waitFor()
    const done = page.getByRole('region', { name: 'Done' })
    const labelled = page.waitForResponse(isLabelling)
    await page.keyboard.press('2')
    await done.getByText(/^1 labelled/).waitFor()
    assert.equal((await labelled).status(), 200)
    const undone = page.waitForResponse(isLabelling)
    await page.keyboard.press('u')
    await done.getByText('Labels are saved at once.').waitFor()
    assert.equal((await undone).status(), 200)
    assert.deepEqual(await faults(), [])
  })

  test('lets an admin create a key, which is shown once and works until it is revoked', async () => {
    const { page, faults } = await visit(browser, `${house.adminUrl}/teams/research`)
    await signIn(page, TOKENS.admin)
    await page.getByRole('button', { name: 'Create a key' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('browser')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    const key = await page.getByLabel('The new key').innerText()
    await page.getByRole('button', { name: 'Done' }).click()
    const row = page.getByRole('row').filter({ hasText: 'browser' })
    await row.waitFor()
    assert.equal(await page.getByText(key).count(), 0)
    await statusUntil(house, key, 200)
    await row.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('button', { name: 'Revoke now' }).click()
    await row.waitFor({ state: 'detached' })
    await statusUntil(house, key, 401)
    assert.deepEqual(await faults(), [])
  })
})

function isLabelling(response: { url(): string }): boolean {
  return response.url().endsWith('/label')
}

/** The steps of somebody who tunes rules, each starting where the previous one ended. */
function walkOf(page: Page, house: ConsoleHouse) {
  const open = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click()
  const rowOf = (text: string) => page.getByRole('row').filter({ hasText: text })
  return {
    async signsIn() {
      await signIn(page, TOKENS.admin)
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    },

    async seesRequestArrive() {
      await open('Requests')
      await page.getByRole('table').waitFor()
      await page.getByRole('button', { name: 'Live' }).waitFor()
      assert.equal(await rowOf(PROMPT).count(), 0)
      const { headers } = await house.ask(PROMPT)
      assert.equal(headers.get('x-trivium-class'), 'factual_recall')
      await rowOf(PROMPT).waitFor()
    },

    async filters() {
      await page.getByRole('textbox', { name: 'Words' }).fill('canton of Uri')
      await page.waitForURL(/text=/)
      await page
        .getByRole('status')
        .filter({ hasText: /^1 request/ })
        .waitFor()
      await rowOf(PROMPT).waitFor()
    },

    async opensAndLabels() {
      await page.getByRole('link', { name: PROMPT }).click()
      await page.getByRole('heading', { level: 1, name: /^Factual recall, / }).waitFor()
      await page.getByRole('button', { name: 'Language 3' }).waitFor()
      await page.keyboard.press('3')
      await page
        .getByRole('listitem')
        .filter({ hasText: 'Language-heavy' })
        .filter({ hasText: 'admin' })
        .waitFor()
    },

    async isToldOfSlowRule() {
      await open('Tuning')
      await page.getByText(/^Sound: /).waitFor()
      await page
        .locator('.cm-line')
        .filter({ hasText: /^rules:$/ })
        .click()
      await page.keyboard.press('End')
      await page.keyboard.insertText(`${RULE}(?=uri)']\n`)
      await page.locator('.cm-line').filter({ hasText: '(?=uri)' }).locator('.cm-problem').waitFor()
      assert.ok(await page.getByRole('button', { name: 'Save as candidate' }).isDisabled())
    },

    async replaysRule() {
      await page.keyboard.press('Control+z')
      await page.keyboard.insertText(`${RULE}uri']\n`)
      await page.getByText(/^Sound: /).waitFor()
      await page.getByRole('button', { name: 'Replay', exact: true }).click()
      const outcome = page.getByRole('status', { name: 'What would change' })
      await outcome.getByText('would move').waitFor()
      await outcome
        .getByRole('row')
        .filter({ hasText: /Fact\s*→\s*Language/ })
        .waitFor()
      const mover = page.getByRole('table', { name: 'Biggest movers' }).getByRole('link').first()
      assert.match((await mover.getAttribute('href')) ?? '', /^\/requests\/req_/)
    },

    async promotes() {
      await page.getByRole('button', { name: 'Save as candidate' }).click()
      await page.getByRole('textbox', { name: 'Note' }).fill('Uri is a story')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      const candidate = rowOf('Uri is a story')
      await candidate.getByRole('button', { name: 'Promote' }).click()
      await page.getByRole('button', { name: 'Promote now' }).click()
      await candidate.getByText('live').waitFor()
      const { headers } = await askedUntil(house, 'language_heavy')
      assert.equal(headers.get('x-trivium-cause'), 'rule:of-uri')
      assert.equal(headers.get('x-trivium-model'), 'gpt-4o')
    },

    async rollsBack() {
      await page.getByRole('button', { name: 'Roll back' }).click()
      await page.getByRole('button', { name: 'Roll back now' }).click()
      await page
        .getByRole('region', { name: 'In force' })
        .getByText('the configuration’s own rules')
        .waitFor()
      const { headers } = await askedUntil(house, 'factual_recall')
      assert.equal(headers.get('x-trivium-model'), 'gpt-4o-mini')
    },

    async findsItAllInAudit() {
      await open('Audit')
      for (const did of ['rolled back to', 'promoted', 'made candidate', 'labelled', 'signed in'])
        await rowOf(did).first().waitFor()
    },
  }
}

/** Asks until the answer has this class: a promotion takes effect while requests are running. */
function askedUntil(house: ConsoleHouse, promptClass: string): Promise<Response> {
  return eventually(async () => {
    const answer = await house.ask(PROMPT)
    return answer.headers.get('x-trivium-class') === promptClass ? answer : undefined
  })
}

/** Asks with this key until the answer has this status: a running proxy applies changes by itself. */
function statusUntil(house: ConsoleHouse, key: string, status: number): Promise<true> {
  return eventually(async () =>
    (await house.ask('Is this key known?', key)).status === status ? true : undefined,
  )
}

import type { Browser, Page } from 'playwright-core'

export type Scheme = 'light' | 'dark'

export interface VisitOptions {
  readonly scheme?: Scheme
  readonly width?: number
  readonly height?: number
}

/** Somebody with a browser of his own: no cookie, nothing remembered. */
export interface Visitor {
  readonly page: Page
  /** What the page complained of since the last look: console errors, uncaught errors, breaches of its content security policy. */
  faults(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Runs in the page before its own scripts. */
const TELL_BREACHES = `addEventListener('securitypolicyviolation', (breach) => {
  breachOfPolicy([breach.violatedDirective, breach.blockedURI, breach.sourceFile, breach.lineNumber].join(' '))
})`

/** What a page waits for before a test calls it broken: far longer than anything takes on a busy machine. */
const PATIENCE_MS = 120_000

/** Opens the console at this address and listens to everything it complains of. */
export async function visit(
  browser: Browser,
  url: string,
  { scheme = 'light', width = 1440, height = 900 }: VisitOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const heard: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => heard.push(`uncaught: ${error.message}`))
  await context.exposeFunction('breachOfPolicy', (breach: string) => {
    heard.push(`content security policy: ${breach}`)
  })
  await context.addInitScript({ content: TELL_BREACHES })
  await page.goto(url)
  return {
    page,
    async faults() {
      // What the page has said so far is told before the answer to a question asked after it.
      await page.evaluate('new Promise((told) => setTimeout(told))')
      return heard.splice(0)
    },
    close: () => context.close(),
  }
}

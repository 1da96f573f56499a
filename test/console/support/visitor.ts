import type { Browser, Page } from 'playwright-core'

export type Scheme = 'light' | 'dark'

export interface VisitOptions {
  readonly scheme?: Scheme
  readonly width?: number
  readonly height?: number
}

/** A user with a fresh browser context: no cookies, no storage. */
export interface Visitor {
  readonly page: Page
  /** Console errors, uncaught errors and CSP violations since the last call. */
  faults(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Runs in the page before its own scripts. */
const TELL_BREACHES = `addEventListener('securitypolicyviolation', (breach) => {
  breachOfPolicy([breach.violatedDirective, breach.blockedURI, breach.sourceFile, breach.lineNumber].join(' '))
})`

/** How long to wait before a test fails: far longer than anything takes on a busy machine. */
const PATIENCE_MS = 120_000

/** Opens the console at this address and records everything it complains about. */
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
      // The page's events so far are delivered before the reply to a later evaluation.
      await page.evaluate('new Promise((told) => setTimeout(told))')
      return heard.splice(0)
    },
    close: () => context.close(),
  }
}

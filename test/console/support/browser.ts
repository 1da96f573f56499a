import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

const EXECUTABLE = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find(isExecutable)

/** Why tests that need a browser are skipped: none is on the PATH. False if one is. CI fails on a skip. */
export const withoutChromium = EXECUTABLE === undefined ? 'Chromium is not installed' : false

/** Disables everything the browser does by itself: updates, reports, a second protocol. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
]

/** A headless browser with a new, empty profile, which is deleted on close. */
export async function openBrowser(): Promise<Browser> {
  if (EXECUTABLE === undefined) throw new Error('Chromium is not installed')
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: QUIET })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

import type { Page } from 'playwright-core'

/** Types a token into the first page and sends it. What comes of it is for the caller to wait for. */
export async function showToken(page: Page, token: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Token' }).fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Signs in and waits for the page that follows: what stands around it is there, whether or not the window has room for it. */
export async function signIn(page: Page, token: string): Promise<void> {
  await showToken(page, token)
  await page.getByRole('button', { name: 'Sign out', includeHidden: true }).waitFor({ state: 'attached' })
}

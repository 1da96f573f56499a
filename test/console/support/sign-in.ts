import type { Page } from 'playwright-core'

/** Types a token into the sign-in page and submits it. The caller waits for the result. */
export async function showToken(page: Page, token: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Token' }).fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Signs in and waits until the next page's frame exists, even if a narrow window hides it. */
export async function signIn(page: Page, token: string): Promise<void> {
  await showToken(page, token)
  await page.getByRole('button', { name: 'Sign out', includeHidden: true }).waitFor({ state: 'attached' })
}

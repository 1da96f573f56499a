import { useKeys } from '../../keys/use-keys.ts'

/** `j` and `k` move the focus from request to request; Enter opens the link that has it, or else nothing. */
export function useRowKeys(): void {
  useKeys([
    { keys: 'j', does: 'Next request', repeats: true, run: () => step(1) },
    { keys: 'k', does: 'Request before', repeats: true, run: () => step(-1) },
    { keys: 'Enter', does: 'Open the request', run: () => present()?.click() },
  ])
}

function links(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-request]')]
}

function present(): HTMLElement | undefined {
  return links().find((each) => each === document.activeElement)
}

function step(by: 1 | -1): void {
  const all = links()
  const here = present()
  const index = here === undefined ? -1 : all.indexOf(here)
  const next = all[index === -1 ? 0 : Math.min(all.length - 1, Math.max(0, index + by))]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

import { useKeys } from '../../keys/use-keys.ts'
import { useTrail } from '../request/trail.ts'

/**
 * `j` and `k` move the focus from request to request, from the one opened last if none has it; Enter opens
 * the link that has it, or else nothing.
 */
export function useRowKeys(): void {
  const trail = useTrail()
  useKeys([
    { keys: 'j', does: 'Next request', repeats: true, run: () => step(1, trail.opened) },
    { keys: 'k', does: 'Request before', repeats: true, run: () => step(-1, trail.opened) },
    { keys: 'Enter', does: 'Open the request', run: () => present()?.click() },
  ])
}

function links(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-request]')]
}

function present(): HTMLElement | undefined {
  return links().find((each) => each === document.activeElement)
}

function step(by: 1 | -1, opened: string | undefined): void {
  const all = links()
  const here = present() ?? all.find(({ dataset }) => dataset.request === opened)
  const index = here === undefined ? -1 : all.indexOf(here)
  const next = all[index === -1 ? 0 : Math.min(all.length - 1, Math.max(0, index + by))]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

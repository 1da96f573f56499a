import { createContext, useContext } from 'react'
import { useLocation } from 'wouter'
import { useKeys } from '../../keys/use-keys.ts'

/** The requests of the list viewed last, newest first. */
export interface Trail {
  ids: readonly string[]
}

export const TrailContext = createContext<Trail>({ ids: [] })

export function useTrail(): Trail {
  return useContext(TrailContext)
}

/** `j` and `k` step through the list that the request was opened from. */
export function useTrailKeys(id: string): void {
  const { ids } = useTrail()
  const [, go] = useLocation()
  const step = (by: 1 | -1) => {
    const next = ids[ids.indexOf(id) + by]
    if (ids.includes(id) && next !== undefined) go(`/requests/${next}`, { replace: true })
  }
  useKeys([
    { keys: 'j', does: 'Next request in the list', run: () => step(1) },
    { keys: 'k', does: 'Previous request', run: () => step(-1) },
  ])
}

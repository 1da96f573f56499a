import { createContext, useContext, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useKeys } from '../../keys/use-keys.ts'

/** The requests of the list viewed last, newest first. */
export interface Trail {
  ids: readonly string[]
  /** The request opened from it last; undefined if none was. */
  opened?: string
}

export const TrailContext = createContext<Trail>({ ids: [] })

export function useTrail(): Trail {
  return useContext(TrailContext)
}

/** `j` and `k` step through the list that the request was opened from. */
export function useTrailKeys(id: string): void {
  const trail = useTrail()
  const { ids } = trail
  const [, go] = useLocation()
  useEffect(() => {
    if (trail.ids.includes(id)) trail.opened = id
  }, [trail, id])
  const step = (by: 1 | -1) => {
    const next = ids[ids.indexOf(id) + by]
    if (ids.includes(id) && next !== undefined) go(`/requests/${next}`, { replace: true })
  }
  useKeys([
    { keys: 'j', does: 'Next request in the list', run: () => step(1) },
    { keys: 'k', does: 'Previous request', run: () => step(-1) },
  ])
}

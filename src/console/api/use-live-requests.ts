import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ListedRequest } from '../../admin/api/answers/request-list.ts'
import { addressOf, type Query } from './client.ts'

/** Requests kept; older ones are in the fetched list. */
const KEPT = 200
/**
 * Requests within this time are rendered together: no one can read a page that rerenders hundreds of times a
 * second.
 */
const TOGETHER_MS = 200

export interface LiveRequests {
  /** Requests that ended since listening began, newest first. */
  readonly rows: readonly ListedRequest[]
  /** `lost`: the stream broke, and the browser is reconnecting. */
  readonly state: 'off' | 'connecting' | 'live' | 'lost'
}

/** Requests as they end, while `listening`. */
export function useLiveRequests(query: Query, listening: boolean): LiveRequests {
  const [live, setLive] = useState<LiveRequests>({ rows: [], state: 'off' })
  const queries = useQueryClient()
  const address = addressOf('/api/live', query)
  useEffect(() => {
    if (!listening) {
      setLive(({ rows }) => ({ rows, state: 'off' }))
      return
    }
    setLive({ rows: [], state: 'connecting' })
    const source = new EventSource(address)
    source.addEventListener('open', () => setLive(({ rows }) => ({ rows, state: 'live' })))
    source.addEventListener('error', () => setLive(({ rows }) => ({ rows, state: 'lost' })))
    let arrived: readonly ListedRequest[] = []
    const show = () => {
      const newest = arrived
      arrived = []
      setLive(({ rows }) => ({ rows: [...newest, ...rows].slice(0, KEPT), state: 'live' }))
    }
    source.addEventListener('request', ({ data }: MessageEvent<string>) => {
      const { data: row } = ListedRequest.safeParse(JSON.parse(data))
      if (row === undefined) return
      if (arrived.length === 0) setTimeout(show, TOGETHER_MS)
      arrived = [row, ...arrived].slice(0, KEPT)
    })
    // The server skipped some events: refetch the list.
    source.addEventListener('missed', () => void queries.invalidateQueries({ queryKey: ['/api/requests'] }))
    return () => source.close()
  }, [address, listening, queries])
  return live
}

import { useEffect, useState } from 'react'
import { ListedRequest } from '../../admin/api/answers/request-list.ts'
import { addressOf, type Query } from './client.ts'
import { useFetchAgain } from './use-api.ts'

/** Requests kept; older ones are in the fetched list. */
const KEPT = 200
/**
 * Requests within this time are rendered together: no one can read a page that rerenders hundreds of times a
 * second.
 */
const TOGETHER_MS = 200
/** Until the next attempt if the server refused; a browser tries again by itself only if it did not answer. */
const AGAIN_MS = 5_000

export interface LiveRequests {
  /** Requests that ended since listening began, newest first. */
  readonly rows: readonly ListedRequest[]
  /** `lost`: the stream broke or was refused, and is being tried again. */
  readonly state: 'off' | 'connecting' | 'live' | 'lost'
}

interface Heard extends LiveRequests {
  /** What was listened to. */
  readonly address: string
}

/**
 * Requests as they end, while `listening`. Whenever listening begins, the lists are fetched again: nothing says
 * what ended before.
 */
export function useLiveRequests(query: Query, listening: boolean): LiveRequests {
  const [attempt, setAttempt] = useState(0)
  const fetchAgain = useFetchAgain()
  const address = addressOf('/api/live', query)
  const [live, setLive] = useState<Heard>({ rows: [], state: 'off', address })
  useEffect(() => {
    if (!listening) {
      setLive((before) => ({ ...before, state: 'off' }))
      return
    }
    setLive((before) =>
      before.address === address
        ? { ...before, state: before.state === 'lost' ? 'lost' : 'connecting' }
        : { rows: [], state: 'connecting', address },
    )
    const source = new EventSource(address)
    let retry: ReturnType<typeof setTimeout> | undefined
    source.addEventListener('open', () => {
      setLive((before) => ({ ...before, state: 'live' }))
      void fetchAgain('/api/requests')
    })
    source.addEventListener('error', () => {
      setLive((before) => ({ ...before, state: 'lost' }))
      if (source.readyState !== EventSource.CLOSED) return
      // Perhaps the session is over.
      void fetchAgain('/api/session')
      retry = setTimeout(() => setAttempt((before) => before + 1), AGAIN_MS)
    })
    let arrived: readonly ListedRequest[] = []
    const show = () => {
      const newest = arrived
      arrived = []
      setLive(({ rows }) => ({ rows: [...newest, ...rows].slice(0, KEPT), state: 'live', address }))
    }
    source.addEventListener('request', ({ data }: MessageEvent<string>) => {
      const { data: row } = ListedRequest.safeParse(JSON.parse(data))
      if (row === undefined) return
      if (arrived.length === 0) setTimeout(show, TOGETHER_MS)
      arrived = [row, ...arrived].slice(0, KEPT)
    })
    // The server skipped some events: refetch the list.
    source.addEventListener('missed', () => void fetchAgain('/api/requests'))
    return () => {
      clearTimeout(retry)
      source.close()
    }
  }, [address, listening, fetchAgain, attempt])
  return live
}

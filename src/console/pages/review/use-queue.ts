import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Labellings } from '../../../admin/api/answers/request-page.ts'
import { type QueuedRequest, Review } from '../../../admin/api/answers/review.ts'
import type { PromptClass } from '../../../base/prompt-class.ts'
import { useChange, useClient, useFetchAgain } from '../../api/use-api.ts'
import { type Answered, useAnswered } from './use-answered.ts'

/** Requests to label, one at a time, and those just labelled. */
export interface Queue {
  readonly current: QueuedRequest | undefined
  /** The following requests. */
  readonly next: readonly QueuedRequest[]
  /** Newest first. */
  readonly answered: readonly Answered[]
  readonly isLoading: boolean
  readonly error: Error | null
  label(said: PromptClass): void
  skip(): void
  undo(): void
}

const PAGE = 30
/** Fetches more when this few are left, so that there is no wait. */
const FEW = 6

interface Said {
  readonly id: string
  readonly label: PromptClass | 'undo'
}

export function useQueue(team: string | undefined): Queue {
  const client = useClient()
  const fetchAgain = useFetchAgain()
  const [answered, setAnswered] = useAnswered()
  /** Requests that were taken back: those answered on an earlier visit are in no page of the queue. */
  const [returned, setReturned] = useState<readonly QueuedRequest[]>([])
  /** Requests whose label or undo could not be saved, and why. */
  const [unsaved, setUnsaved] = useState<ReadonlyMap<string, Error>>(new Map())
  const shown = useRef<string | undefined>(undefined)
  const pages = useInfiniteQuery({
    queryKey: ['/api/review', team],
    queryFn: ({ pageParam, signal }) =>
      client.get(Review, '/api/review', { limit: PAGE, cursor: pageParam, team }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }) => next_cursor,
    // The queue must not change while someone is labelling.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const put = useChange(
    (api, { id, label }: Said) =>
      api.change(Labellings, 'POST', `/api/requests/${encodeURIComponent(id)}/label`, { label }),
    () => void fetchAgain('/api/agreement'),
  )
  const gone = new Set(answered.map(({ row }) => row.id))
  const back = new Set(returned.map(({ id }) => id))
  const fetched = (pages.data?.pages ?? []).flatMap(({ data }) => data).filter(({ id }) => !back.has(id))
  const waiting = [...returned, ...fetched].filter(({ id }) => !gone.has(id))
  // A request that comes back waits its turn: one that is being read must not change under the user's keys.
  const inTurn = [
    ...waiting.filter(({ id }) => id === shown.current),
    ...waiting.filter(({ id }) => id !== shown.current && unsaved.has(id)),
    ...waiting.filter(({ id }) => id !== shown.current && !unsaved.has(id)),
  ]
  const [current, ...next] = inTurn
  shown.current = current?.id

  const { hasNextPage, isFetching, fetchNextPage } = pages
  const isShort = waiting.length < FEW
  useEffect(() => {
    if (isShort && hasNextPage && !isFetching) void fetchNextPage()
  }, [isShort, hasNextPage, isFetching, fetchNextPage])

  const answer = (row: QueuedRequest, said: Answered['said']) =>
    setAnswered((before) => [{ row, said }, ...before])
  const takeBack = (row: QueuedRequest) => {
    setAnswered((before) => before.filter((each) => each.row.id !== row.id))
    setReturned((before) => [...before.filter(({ id }) => id !== row.id), row])
  }
  const forgive = (id: string) =>
    setUnsaved((before) => new Map([...before].filter(([other]) => other !== id)))
  /** Awaited one by one: callbacks of `mutate` are called for the last call only. */
  const save = (said: Said, takeBackSaid: () => void) => {
    forgive(said.id)
    put.mutateAsync(said).catch((error: Error) => {
      takeBackSaid()
      setUnsaved((before) => new Map(before).set(said.id, error))
    })
  }

  return {
    current,
    next,
    answered,
    isLoading: pages.isPending || (current === undefined && isFetching),
    error: pages.error ?? [...unsaved.values()].at(-1) ?? null,
    label(said) {
      if (current === undefined) return
      answer(current, said)
      save({ id: current.id, label: said }, () => takeBack(current))
    },
    skip() {
      if (current === undefined) return
      forgive(current.id)
      answer(current, 'skipped')
    },
    undo() {
      const [last] = answered
      if (last === undefined) return
      takeBack(last.row)
      shown.current = last.row.id
      if (last.said === 'skipped') return
      save({ id: last.row.id, label: 'undo' }, () => answer(last.row, last.said))
    },
  }
}

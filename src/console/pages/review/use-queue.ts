import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Labellings } from '../../../admin/api/answers/request-page.ts'
import { Review } from '../../../admin/api/answers/review.ts'
import type { PromptClass } from '../../../base/prompt-class.ts'
import { useChange, useClient } from '../../api/use-api.ts'

export type Asked = Review['data'][number]

/** What the user did with a request of the queue. */
export interface Answered {
  readonly row: Asked
  readonly said: PromptClass | 'skipped'
}

/** Requests to label, one at a time, and those just labelled. */
export interface Queue {
  readonly current: Asked | undefined
  /** The following requests. */
  readonly next: readonly Asked[]
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
  const queries = useQueryClient()
  const [answered, setAnswered] = useState<readonly Answered[]>([])
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
    () => void queries.invalidateQueries({ queryKey: ['/api/agreement'] }),
  )
  const gone = new Set(answered.map(({ row }) => row.id))
  const waiting = (pages.data?.pages ?? []).flatMap(({ data }) => data).filter(({ id }) => !gone.has(id))
  const [current, ...next] = waiting

  const { hasNextPage, isFetching, fetchNextPage } = pages
  const isShort = waiting.length < FEW
  useEffect(() => {
    if (isShort && hasNextPage && !isFetching) void fetchNextPage()
  }, [isShort, hasNextPage, isFetching, fetchNextPage])

  const answer = (row: Asked, said: Answered['said']) => setAnswered((before) => [{ row, said }, ...before])
  const takeBack = (row: Asked) => setAnswered((before) => before.filter((each) => each.row.id !== row.id))

  return {
    current,
    next,
    answered,
    isLoading: pages.isPending || (current === undefined && isFetching),
    error: pages.error ?? put.error,
    label(said) {
      if (current === undefined) return
      answer(current, said)
      put.mutate({ id: current.id, label: said }, { onError: () => takeBack(current) })
    },
    skip() {
      if (current !== undefined) answer(current, 'skipped')
    },
    undo() {
      const [last] = answered
      if (last === undefined) return
      takeBack(last.row)
      if (last.said === 'skipped') return
      put.mutate({ id: last.row.id, label: 'undo' }, { onError: () => answer(last.row, last.said) })
    },
  }
}

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { type ListedRequest, RequestList } from '../../../admin/api/answers/request-list.ts'
import { useClient } from '../../api/use-api.ts'
import { type Filters, queryOf } from './filters.ts'

/** Rows per page. */
const LIMIT = 100
/** A look that runs out of time is continued automatically until there are this many rows. */
const ENOUGH = 40
const MOST_LOOKS = 40

interface RequestListState {
  /** Newest first. Undefined until the first response. */
  readonly rows: readonly ListedRequest[] | undefined
  readonly error: Error | null
  /** All matching requests no older than this are in `rows`. */
  readonly lookedBackTo: string | undefined
  readonly isLooking: boolean
  /** Whether `rows` still belong to the previous filters. */
  readonly isOfBefore: boolean
  /** Undefined if there are no older requests. */
  readonly lookFurther: (() => void) | undefined
  again(): void
}

/** The matching requests, page by page. */
export function useRequestList(filters: Filters): RequestListState {
  const client = useClient()
  const list = useInfiniteQuery({
    queryKey: ['/api/requests', filters],
    queryFn: ({ pageParam, signal }) =>
      client.get(
        RequestList,
        '/api/requests',
        { ...queryOf(filters, Date.now()), limit: LIMIT, cursor: pageParam },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: 30_000,
  })
  const { data, hasNextPage, isFetching, fetchNextPage } = list
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data), [data])
  const last = data?.pages.at(-1)
  const goesOn =
    last?.complete === false && (rows?.length ?? 0) < ENOUGH && (data?.pages.length ?? 0) < MOST_LOOKS
  useEffect(() => {
    if (goesOn && hasNextPage && !isFetching) void fetchNextPage()
  }, [goesOn, hasNextPage, isFetching, fetchNextPage])
  return {
    rows,
    error: list.error,
    lookedBackTo: last?.looked_back_to,
    isLooking: isFetching,
    isOfBefore: list.isPlaceholderData,
    lookFurther: hasNextPage ? () => void fetchNextPage() : undefined,
    again: () => void list.refetch(),
  }
}

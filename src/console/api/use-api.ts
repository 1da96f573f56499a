import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { createContext, useCallback, useContext } from 'react'
import type { z } from 'zod'
import { Client, type Query } from './client.ts'

export const ClientContext = createContext(new Client())

export function useClient(): Client {
  return useContext(ClientContext)
}

export interface Freshness {
  /** Milliseconds between automatic refetches; absent: only when the page regains focus. */
  readonly every?: number
  readonly enabled?: boolean
  /** False: the new query concerns something else, so the previous answer must not be shown in its place. */
  readonly keepsBefore?: boolean
}

/**
 * The answer to a GET. Leaving the page or changing the query aborts it; until a new answer arrives, the last
 * one stays.
 */
export function useAnswer<Answer>(
  schema: z.ZodType<Answer>,
  path: string,
  query: Query = {},
  { every, enabled = true, keepsBefore = true }: Freshness = {},
): UseQueryResult<Answer, Error> {
  const client = useClient()
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => client.get(schema, path, query, signal),
    ...(keepsBefore ? { placeholderData: keepPreviousData } : {}),
    refetchInterval: every ?? false,
    enabled,
  })
}

/** A user action: `run(client, input)`, then `done` with its answer. */
export function useChange<Input, Answer>(
  run: (client: Client, input: Input) => Promise<Answer>,
  done?: (answer: Answer, input: Input) => void | Promise<void>,
): UseMutationResult<Answer, Error, Input> {
  const client = useClient()
  return useMutation({
    mutationFn: (input: Input) => run(client, input),
    onSuccess: (answer, input) => done?.(answer, input),
  })
}

/**
 * Fetches again what is shown of a path, or everything. Answers still on their way are given up first: they may
 * have been read before whatever is the reason to fetch again, and a query that never had one would wait for it.
 */
export function useFetchAgain(): (path?: string) => Promise<void> {
  const queries = useQueryClient()
  return useCallback(
    async (path) => {
      const of = path === undefined ? {} : { queryKey: [path] }
      await queries.cancelQueries(of)
      await queries.invalidateQueries(of)
    },
    [queries],
  )
}

import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { z } from 'zod'
import { Client, type Query } from './client.ts'

export const ClientContext = createContext(new Client())

export function useClient(): Client {
  return useContext(ClientContext)
}

export interface Freshness {
  /** Milliseconds until it is asked again by itself; absent: only when the page is looked at anew. */
  readonly every?: number
  readonly enabled?: boolean
  /** False: what is asked now is of another thing than what was asked before, which is not shown in its place. */
  readonly keepsBefore?: boolean
}

/** What a GET answers. Leaving the page, or asking something else, aborts it; meanwhile the last answer stays. */
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

/** Something that a person does: `run(client, input)`, then `done` with its answer. */
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

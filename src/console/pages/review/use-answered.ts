import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { QueuedRequest } from '../../../admin/api/answers/review.ts'
import type { PromptClass } from '../../../base/prompt-class.ts'

/** What the user did with a request of the queue. */
export interface Answered {
  readonly row: QueuedRequest
  readonly said: PromptClass | 'skipped'
}

const KEY = ['answered']

/** What the user did with the queue since signing in, newest first, and how to change it. */
export function useAnswered(): readonly [
  readonly Answered[],
  (change: (before: readonly Answered[]) => readonly Answered[]) => void,
] {
  const queries = useQueryClient()
  // Kept beside the answers of the API: it outlives the page, and signing out forgets it.
  const { data } = useQuery<readonly Answered[]>({
    queryKey: KEY,
    initialData: [],
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  })
  return [data, (change) => queries.setQueryData<readonly Answered[]>(KEY, (before = []) => change(before))]
}

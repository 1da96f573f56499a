import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { RuleCheck } from '../../../admin/api/answers/tuning.ts'
import { useClient } from '../../api/use-api.ts'

/** Debounce before a check. */
const PAUSE_MS = 250
/** Pause before a check that failed is tried again: a busy server gives up on one after a minute. */
const AGAIN_MS = 3_000

export interface Check {
  /** For the text as of the last check; undefined before the first. */
  readonly result: RuleCheck | undefined
  /** Whether the result is for the current text. */
  readonly isCurrent: boolean
  readonly error: Error | null
}

/** The server's check of these rules as they are typed: it compiles them as it would at startup. */
export function useCheck(text: string, enabled: boolean): Check {
  const client = useClient()
  const [settled] = useDebouncedValue(text, PAUSE_MS)
  const check = useQuery({
    queryKey: ['/api/tuning/check', settled],
    queryFn: ({ signal }) =>
      client.change(RuleCheck, 'POST', '/api/tuning/check', { rules: settled }, signal),
    placeholderData: (last) => last,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.status === 'error' ? AGAIN_MS : false),
    enabled,
  })
  return {
    result: check.data,
    isCurrent: settled === text && !check.isPlaceholderData && check.data !== undefined,
    error: check.error,
  }
}

import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { RuleCheck } from '../../../admin/api/answers/tuning.ts'
import { useClient } from '../../api/use-api.ts'

/** How long typing must pause before it is checked. */
const PAUSE_MS = 250

export interface Check {
  /** Of the text as it stood at the last check; undefined before the first. */
  readonly result: RuleCheck | undefined
  /** The result is about this very text. */
  readonly isCurrent: boolean
  readonly error: Error | null
}

/** What the server says of these rules, asked as they are typed: compiled there as they would be at start. */
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
    enabled,
  })
  return {
    result: check.data,
    isCurrent: settled === text && !check.isPlaceholderData && check.data !== undefined,
    error: check.error,
  }
}

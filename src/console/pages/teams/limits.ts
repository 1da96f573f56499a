import type { TeamPage } from '../../../admin/api/answers/teams.ts'
import { count } from '../../wording/numbers.ts'

/** `600 requests a minute, 64 at once` */
export function limitsInWords(limits: TeamPage['limits']): string {
  const { requests_per_minute: requests, tokens_per_minute: tokens, concurrent } = limits
  const parts = []
  if (requests !== null) parts.push(`${count(requests)} requests a minute`)
  if (tokens !== null) parts.push(`${count(tokens)} tokens a minute`)
  if (concurrent !== null) parts.push(`${count(concurrent)} at once`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

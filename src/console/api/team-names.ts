import { Teams } from '../../admin/api/answers/teams.ts'
import { useAnswer } from './use-api.ts'

/**
 * All teams in the configuration, for selects, and the one that is selected: it may have been removed, or not be
 * loaded yet, and must not look like all teams.
 */
export function useTeamNames(selected?: string): readonly string[] {
  const { data } = useAnswer(Teams, '/api/teams')
  const names = data?.teams.map(({ team }) => team) ?? []
  return selected === undefined || names.includes(selected) ? names : [...names, selected]
}

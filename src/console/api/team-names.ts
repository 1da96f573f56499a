import { Teams } from '../../admin/api/answers/teams.ts'
import { useAnswer } from './use-api.ts'

/** All teams in the configuration, for selects; empty until loaded. */
export function useTeamNames(): readonly string[] {
  const { data } = useAnswer(Teams, '/api/teams')
  return data?.teams.map(({ team }) => team) ?? []
}

import { Teams } from '../../admin/api/answers/teams.ts'
import { useAnswer } from './use-api.ts'

/** Of every team in the configuration, for lists to choose from; none until they are known. */
export function useTeamNames(): readonly string[] {
  const { data } = useAnswer(Teams, '/api/teams')
  return data?.teams.map(({ team }) => team) ?? []
}

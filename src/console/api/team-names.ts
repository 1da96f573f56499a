import { z } from 'zod'
import { useAnswer } from './use-api.ts'

/** Of what is told of teams, their names. */
const TeamNames = z.object({ teams: z.array(z.object({ team: z.string() })) })

/** Of every team in the configuration, for lists to choose from; none until they are known. */
export function useTeamNames(): readonly string[] {
  const { data } = useAnswer(TeamNames, '/api/teams')
  return data?.teams.map(({ team }) => team) ?? []
}

import { type UseMutationResult, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { useChange, useClient } from './use-api.ts'

const ROLES = ['holder', 'viewer', 'reviewer', 'admin'] as const
export type Role = (typeof ROLES)[number]

const PATH = '/api/session'
const KEY = [PATH]

/** The signed-in user; a `name` of null means no one. */
export const Session = z.object({
  name: z.string().nullable(),
  role: z.enum(ROLES).nullable(),
  team: z.string().nullable(),
  key: z.string().nullable(),
  csrf: z.string().nullable(),
  expires_at: z.string().nullable(),
  version: z.string(),
})
export type Session = z.infer<typeof Session>

export function useSession(): UseQueryResult<Session, Error> {
  const client = useClient()
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const session = await client.get(Session, PATH, {}, signal)
      client.csrf = session.csrf
      return session
    },
    staleTime: 60_000,
  })
}

export function useSignIn(): UseMutationResult<Session, Error, string> {
  const client = useClient()
  const queries = useQueryClient()
  return useChange(
    (api, token: string) => api.change(Session, 'POST', PATH, { token }),
    async (session) => {
      client.csrf = session.csrf
      // A query already in flight would report that no one is signed in.
      await queries.cancelQueries({ queryKey: KEY })
      queries.setQueryData(KEY, session)
    },
  )
}

/** Also clears all cached data: the next user may have fewer rights. */
export function useSignOut(): UseMutationResult<Session, Error, void> {
  const queries = useQueryClient()
  return useChange(
    (api) => api.change(Session, 'DELETE', PATH),
    () => queries.resetQueries(),
  )
}

/**
 * Whether a role includes the rights of `least`. Key holders see only their own view, which no other role
 * sees.
 */
export function may(role: Role | null, least: Role): boolean {
  if (role === null) return false
  if (role === 'holder' || least === 'holder') return role === least
  return ROLES.indexOf(role) >= ROLES.indexOf(least)
}

import { z } from 'zod'
import { ShownEntry, ShownRaise } from '../../budget/raise-words.ts'
import { AdminRefusal, adminAt } from './admin-call.ts'
import type { RaiseBackend } from './raise-backend.ts'

const PATH = '/api/budgets/raises'

/**
 * The raise backend of a running process, behind its admin plane. Rejects with a `UsageError` that says what to
 * fix.
 */
export function raisesOverAdmin(url: string, token: string): RaiseBackend {
  const call = adminAt(url, token)
  return {
    effect: 'in force now',
    list: async () =>
      z.object({ raises: z.array(ShownRaise) }).parse(await call({ method: 'GET', path: PATH })).raises,
    async grant({ until, ...wish }) {
      const body = { ...wish, until: new Date(until).toISOString() }
      return ShownRaise.parse(await call({ method: 'POST', path: PATH, body }))
    },
    async revoke(id, body) {
      try {
        const path = `${PATH}/${encodeURIComponent(id)}`
        return ShownRaise.parse(await call({ method: 'DELETE', path, body }))
      } catch (error) {
        if (error instanceof AdminRefusal && error.code === 'raise_not_found') return undefined
        throw error
      }
    },
    log: async () =>
      z.object({ entries: z.array(ShownEntry) }).parse(await call({ method: 'GET', path: `${PATH}/log` }))
        .entries,
    close: async () => undefined,
  }
}

import type { FastifyError, FastifyInstance } from 'fastify'
import { z } from 'zod'
import { fromUsd, MOST, toUsd } from '../base/money.ts'
import type { Decision } from '../budget/raise.ts'
import {
  END_EXPECTED,
  isAuditLine,
  isRaiseEnd,
  LINE_EXPECTED,
  shownEntry,
  shownRaise,
} from '../budget/raise-words.ts'
import type { Raises } from '../budget/raises.ts'
import { refuse, refuseHttp } from './refusal.ts'

export interface RaiseParts {
  readonly raises: Raises
  now(): number
  /** Whether the configuration in force has a budget of this id. */
  hasBudget(id: string): boolean
}

const line = z.string().refine(isAuditLine, LINE_EXPECTED)

const Why = z.strictObject({
  reason: line,
  /** Who asks. The token is shared, so this is what the caller says. */
  who: line.default('a holder of the admin token'),
})

const Order = Why.extend({
  budget: z.string(),
  usd: z.number().min(1e-9).max(toUsd(MOST)),
  until: z.iso.datetime(),
})

/** `/api/budgets/raises`: list, grant, revoke, and the audit of it all. Registered where the token is required. */
export async function raiseApi(app: FastifyInstance, parts: RaiseParts): Promise<void> {
  const { raises, now, hasBudget } = parts

  // All that is waited for here is the store.
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if ((error.statusCode ?? 500) < 500) return refuseHttp(error, reply)
    return refuse(
      reply,
      503,
      'store_unavailable',
      'The store cannot be read or written; nothing was changed.',
    )
  })

  app.get('/api/budgets/raises', async () => {
    await raises.refresh(now())
    return { raises: raises.inForce(now()).map(shownRaise) }
  })

  app.get('/api/budgets/raises/log', async () => ({ entries: (await raises.entries()).map(shownEntry) }))

  app.post('/api/budgets/raises', async (request, reply) => {
    const order = Order.safeParse(request.body)
    if (!order.success) return refuse(reply, 400, 'invalid_request', problemOf(order.error))
    const { budget, usd, until, ...why } = order.data
    if (!hasBudget(budget)) {
      return refuse(reply, 404, 'budget_not_found', `The configuration has no budget "${budget}".`)
    }
    const at = now()
    const end = Date.parse(until)
    if (!isRaiseEnd(end, at)) return refuse(reply, 400, 'invalid_request', `until: ${END_EXPECTED}`)
    const decision = decided(at, request.ip, why)
    const raise = await raises.grant({ budget, amount: fromUsd(usd), until: end }, decision)
    return reply.code(201).send(shownRaise(raise))
  })

  app.delete<{ Params: { id: string } }>('/api/budgets/raises/:id', async (request, reply) => {
    const why = Why.safeParse(request.body)
    if (!why.success) return refuse(reply, 400, 'invalid_request', problemOf(why.error))
    const raise = await raises.revoke(request.params.id, decided(now(), request.ip, why.data))
    if (raise !== undefined) return shownRaise(raise)
    return refuse(reply, 404, 'raise_not_found', `No raise "${request.params.id}" is in force.`)
  })
}

function decided(at: number, address: string, why: z.infer<typeof Why>): Decision {
  return { at, via: `api ${address}`, ...why }
}

function problemOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
}

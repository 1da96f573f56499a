import { z } from 'zod'
import { fromUsd, MOST, toUsd } from '../../base/money.ts'
import type { Decision } from '../../budget/raise.ts'
import {
  END_EXPECTED,
  isAuditLine,
  isRaiseEnd,
  LINE_EXPECTED,
  ShownEntry,
  ShownRaise,
  shownEntry,
  shownRaise,
} from '../../budget/raise-words.ts'
import type { Raises } from '../../budget/raises.ts'
import type { BudgetParts } from './budget-endpoints.ts'
import type { Caller } from './caller.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { Refused } from './refused.ts'
import { fromStore } from './store-refusal.ts'

export interface RaiseParts extends BudgetParts {
  readonly raises: Raises
  now(): number
}

const line = z.string().refine(isAuditLine, LINE_EXPECTED)

const Why = z.strictObject({
  reason: line,
  who: line
    .optional()
    .describe(
      'Who is asking, if the shared admin token is used. Anyone with their own token is identified by it.',
    ),
})

const Order = Why.extend({
  budget: z.string(),
  usd: z.number().min(1e-9).max(toUsd(MOST)),
  until: z.iso.datetime(),
})

/** Temporary raises of budgets: list, grant, revoke, and their audit. */
export function raiseEndpoints({ raises, balances, now }: RaiseParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/budgets/raises',
      role: 'viewer',
      summary: 'List the raises in force.',
      answer: z.strictObject({ raises: z.array(ShownRaise) }),
      async run() {
        await fromStore(raises.refresh(now()))
        return { raises: raises.inForce(now()).map(shownRaise) }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/budgets/raises/log',
      role: 'viewer',
      summary: 'List every decision about raises, oldest first.',
      answer: z.strictObject({ entries: z.array(ShownEntry) }),
      run: async () => ({ entries: (await fromStore(raises.entries())).map(shownEntry) }),
    }),
    endpoint({
      method: 'POST',
      path: '/api/budgets/raises',
      role: 'admin',
      summary: 'Raise a budget until a given time, at most 366 days ahead.',
      body: Order,
      answer: ShownRaise,
      status: 201,
      async run({ body: { budget, usd, until, ...why }, caller, address }) {
        if (!balances().some((balance) => balance.budget.id === budget)) {
          throw new Refused(404, 'budget_not_found', `The configuration has no budget "${budget}".`)
        }
        const at = now()
        const end = Date.parse(until)
        if (!isRaiseEnd(end, at)) throw new Refused(400, 'invalid_request', `until: ${END_EXPECTED}`)
        const order = { budget, amount: fromUsd(usd), until: end }
        return shownRaise(await fromStore(raises.grant(order, decided(at, address, caller, why))))
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/budgets/raises/:id',
      role: 'admin',
      summary: 'End a raise early.',
      body: Why,
      answer: ShownRaise,
      async run({ params: { id }, body, caller, address }) {
        const raise = await fromStore(raises.revoke(id, decided(now(), address, caller, body)))
        if (raise !== undefined) return shownRaise(raise)
        throw new Refused(404, 'raise_not_found', `No raise "${id}" is in force.`)
      },
    }),
  ]
}

function decided(at: number, address: string, caller: Caller, why: z.infer<typeof Why>): Decision {
  const isShared = caller.role !== 'holder' && caller.shared
  const who = isShared ? (why.who ?? 'a holder of the admin token') : caller.name
  return { at, via: `api ${address}`, reason: why.reason, who }
}

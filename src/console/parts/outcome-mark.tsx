import type { ReactElement } from 'react'
import type { Outcome } from '../../ledger/row.ts'

interface OutcomeLook {
  readonly name: string
  readonly colour: string
}

/** `in_flight`: the row is open. */
export const OUTCOME_LOOKS: Readonly<Record<Outcome | 'in_flight', OutcomeLook>> = {
  ok: { name: 'ok', colour: 'var(--quiet)' },
  refused: { name: 'refused', colour: 'var(--warning)' },
  upstream_error: { name: 'upstream error', colour: 'var(--bad)' },
  broken: { name: 'broken off', colour: 'var(--bad)' },
  client_left: { name: 'client left', colour: 'var(--warning)' },
  unsettled: { name: 'unsettled', colour: 'var(--warning)' },
  in_flight: { name: 'in flight', colour: 'var(--quiet)' },
}

/** How a request ended, in a word; success is subdued. */
export function OutcomeMark({ of }: { readonly of: Outcome | null }): ReactElement {
  const { name, colour } = OUTCOME_LOOKS[of ?? 'in_flight']
  return <span style={{ color: colour, whiteSpace: 'nowrap' }}>{name}</span>
}

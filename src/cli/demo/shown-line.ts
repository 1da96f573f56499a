import type { LedgerLine } from '../../ledger/line.ts'

/** What the demo reads of a row. */
export type ShownLine = Pick<
  LedgerLine,
  | 'id'
  | 'team'
  | 'outcome'
  | 'error_code'
  | 'class'
  | 'confidence'
  | 'cause'
  | 'evidence'
  | 'target'
  | 'adapted'
  | 'input_tokens'
  | 'output_tokens'
  | 'cost_nusd'
  | 'baseline_nusd'
>

/** Whether the client got a complete answer. */
export function isServed(line: ShownLine): boolean {
  return line.outcome === 'ok'
}

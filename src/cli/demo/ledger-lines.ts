import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { nanoUsd } from '../../base/money.ts'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'

const amount = z.int().transform(nanoUsd)

const Evidence = z.object({
  rules: z.array(z.object({ id: z.string(), class: z.enum(PROMPT_CLASSES), weight: z.number() })),
})

const LedgerLine = z.object({
  id: z.string(),
  team: z.string(),
  outcome: z.string().nullable(),
  error_code: z.string().nullable(),
  class: z.enum(PROMPT_CLASSES).nullable(),
  confidence: z.number().nullable(),
  cause: z.string().nullable(),
  evidence: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : Evidence.parse(JSON.parse(text)))),
  target: z.string().nullable(),
  adapted: z.string().nullable(),
  input_tokens: z.int().nullable(),
  output_tokens: z.int().nullable(),
  cost_nusd: amount.nullable(),
  baseline_nusd: amount.nullable(),
})

/** What the demo shows of a row of the ledger. An outcome of null: the row is still open. */
export type LedgerLine = z.infer<typeof LedgerLine>

/** Reads the ledger from its file, oldest row first, as any other program would: beside the proxy that writes it. */
export function readLedger(file: string): readonly LedgerLine[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const columns = Object.keys(LedgerLine.shape).join(', ')
    return z.array(LedgerLine).parse(database.prepare(`SELECT ${columns} FROM ledger ORDER BY seq`).all())
  } finally {
    database.close()
  }
}

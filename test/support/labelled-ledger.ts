import { DatabaseSync } from 'node:sqlite'
import type { PromptClass } from '../../src/base/prompt-class.ts'
import { keepPrompt } from '../../src/capture/keep.ts'
import { needsAgain } from '../../src/capture/kept-needs.ts'
import type { CaptureMode } from '../../src/capture/mode.ts'
import { readClassifier } from '../../src/config/classifier.ts'
import { ledgerOf } from '../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../src/ledger/sqlite/open.ts'
import { refusedRow } from './ledger-rows.ts'

export interface LabelledText {
  readonly text: string
  readonly label: PromptClass
}

/**
 * Writes a ledger with one labelled row per text, storing of the prompt what this capture mode stores. Opens
 * no listener.
 */
export async function writeLabelledLedger(
  file: string,
  texts: readonly LabelledText[],
  mode: Exclude<CaptureMode, 'none'>,
  at = Date.now() - 60_000,
): Promise<void> {
  const classifier = readClassifier({
    rulesFile: 'config/rules.yaml',
    weightsFile: 'config/classifier.bin',
    abstainBelow: 0.5,
    abstainTo: 'language_heavy',
  })
  const needs = needsAgain({ for: [], bytes: 100, messages: 1 })
  const ledger = ledgerOf(openStore(file))
  const labels: [string, PromptClass][] = []
  for (const [index, { text, label }] of texts.entries()) {
    const messages = [{ role: 'user', content: text }]
    const seen = { messages, recording: classifier.record(messages), needs, first: 'gpt-4o', byPrice: false }
    const row = refusedRow(at + index, {
      class: classifier.classify(messages).class,
      rulesVersion: classifier.rulesVersion,
      weightsVersion: classifier.weightsVersion,
      prompt: keepPrompt(mode, seen, (words) => words),
    })
    labels.push([row.id, label])
    await ledger.record(row)
  }
  await ledger.close()
  const database = new DatabaseSync(file)
  const setLabel = database.prepare("UPDATE ledger SET label = ?, labelled_by = 'ada' WHERE id = ?")
  for (const [id, label] of labels) setLabel.run(label, id)
  database.close()
}

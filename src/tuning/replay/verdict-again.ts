import { type KeptPrompt, parseKept } from '../../capture/kept-prompt.ts'
import type { Replayed, Replayer, Unknown } from '../../classifier/recording/replay.ts'
import type { Choice } from '../../classifier/verdict.ts'

/** What a verdict was reproduced from; `redacted`: from words changed by redaction or a limit. */
export type Source = 'features' | 'text' | 'redacted'

/** Why a row cannot be decided again; `nothing`: nothing was kept of it. */
export type Missing = Unknown | 'nothing'

export type Again =
  | { readonly choice: Choice; readonly kept: KeptPrompt; readonly source: Source }
  | { readonly missing: Missing }

/** Reproduces a row's verdict: from its features, which are exact, else from its words. Never guesses. */
export function verdictAgain(replayer: Replayer, prompt: string | null): Again {
  if (prompt === null) return { missing: 'nothing' }
  const kept = parseKept(prompt)
  if (kept === undefined) return { missing: 'damaged' }
  const hashed = kept.features === undefined ? undefined : replayer.fromFeatures(kept.features)
  if (hashed !== undefined && typeof hashed !== 'string') return { choice: hashed, kept, source: 'features' }
  const told = fromText(replayer, kept)
  if (told === undefined) return { missing: hashed ?? 'nothing' }
  if (typeof told === 'string') return { missing: told }
  return { choice: told, kept, source: hashed === undefined ? 'text' : 'redacted' }
}

function fromText(
  replayer: Replayer,
  { turns, words, lists, alone = true, more = false }: KeptPrompt,
): Replayed | undefined {
  if (turns !== undefined) return replayer.fromTurns({ turns, alone, more })
  if (words === undefined || lists === undefined) return undefined
  return replayer.fromWords({ turns: words, alone, more }, lists)
}

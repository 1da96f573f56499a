import type { Message } from '../base/message.ts'
import { textOf } from '../classifier/conversation/conversation.ts'
import { excerptOf } from '../classifier/conversation/excerpt.ts'
import type { Recording } from '../classifier/recording/recording.ts'
import type { Needs } from '../routing/needs.ts'
import { keepNeeds } from './kept-needs.ts'
import type { KeptPrompt } from './kept-prompt.ts'
import type { CaptureMode } from './mode.ts'
import type { Redaction } from './redaction.ts'

/** A request whose model has just been chosen. */
export interface Seen {
  readonly messages: readonly Message[]
  readonly recording: Recording
  readonly needs: Needs
  /** The model first in line. */
  readonly first: string
  readonly byPrice: boolean
}

/** The most UTF-16 units kept of one text, and of all texts of a request; of longer ones both ends. */
const MOST_KEPT = 16_384
/** Also cut off at a cut, in case it went through a secret. Keys of known kinds are shorter. */
const MARGIN = 256

/** What is kept of a prompt, as text for its row. Redacts before assembling anything. */
export function keepPrompt(mode: Exclude<CaptureMode, 'none'>, seen: Seen, redact: Redaction): string {
  const { text, isExact } = textOfMode(mode, seen, redact)
  const kept: KeptPrompt = {
    v: 1,
    first: seen.first,
    ...(seen.byPrice && { by_price: true }),
    needs: keepNeeds(seen.needs),
    ...text,
    // If the text alone gives the same verdict, features would add nothing.
    ...(!isExact && { features: seen.recording.features().toString('base64') }),
  }
  return JSON.stringify(kept)
}

/** The text to keep, and whether it gives exactly the verdict of the whole request. */
interface KeptText {
  readonly text: Pick<KeptPrompt, 'words' | 'lists' | 'turns' | 'alone' | 'more'>
  readonly isExact: boolean
}

function textOfMode(mode: Exclude<CaptureMode, 'none'>, seen: Seen, redact: Redaction): KeptText {
  if (mode === 'features') return { text: {}, isExact: false }
  return mode === 'excerpt' ? keepWords(seen, redact) : keepTurns(seen, redact)
}

function keepWords({ recording }: Seen, redact: Redaction): KeptText {
  const { turns, alone, more, lists } = recording
  const words = turns.map(({ text, units, turnsBack }) => {
    return { text: excerptOf(redactedEnds(text, redact)), units, turnsBack }
  })
  const isExact = turns.every(({ excerpt }, index) => excerpt === words[index]?.text)
  return { text: { words, lists, alone, more }, isExact }
}

function keepTurns({ messages, recording }: Seen, redact: Redaction): KeptText {
  const { turns, alone, more } = recording
  const said = messages.filter(({ role }) => role === 'user').map(textOf)
  const needed = more ? (turns.at(-1)?.turnsBack ?? 0) + 1 : said.length
  const kept: string[] = []
  let room = MOST_KEPT
  let isExact = true
  for (const text of said.toReversed().slice(0, needed)) {
    const redacted = redactedEnds(text, redact)
    if (redacted.length > room) break
    kept.push(redacted)
    room -= redacted.length
    isExact &&= redacted === text
  }
  return { text: { turns: kept, alone, more: kept.length < said.length }, isExact }
}

/** A text without its secrets; of a long one both ends, without remnants of secrets at the cuts. */
function redactedEnds(text: string, redact: Redaction): string {
  if (text.length <= MOST_KEPT) return redact(text)
  const half = MOST_KEPT / 2
  const head = redact(text.slice(0, half)).slice(0, -MARGIN)
  const tail = redact(text.slice(-half)).slice(MARGIN)
  return `${head}\n${tail}`
}

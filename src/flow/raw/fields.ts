import { type LooseObject, looselyParsed, membersIn } from '../../base/loose-json.ts'
import { readForm } from './form.ts'

/** What is read of a body that is forwarded as it is: who is to answer, and what that may cost at the most. */
export interface Fields {
  readonly model: string | undefined
  readonly stream: boolean
  /** How many answers are asked for, of all prompts together. */
  readonly answers: number
  /** Only the best of them are shown; all are billed. */
  readonly keepsBest: boolean
  /** The longest an answer may be, in tokens; undefined where the body does not say. */
  readonly maxTokens: number | undefined
  /** Sound or images, whose tokens no count of bytes bounds. */
  readonly hasFiles: boolean
  /** The prompts in words, and the number of tokens that came as numbers: what is counted where no usage is reported. */
  readonly texts: readonly string[]
  readonly givenTokens: number
}

/** The names are written into the ledger. */
const LONGEST_NAME = 256

/**
 * Reads JSON or a multipart form. What cannot be read is nothing: its upstream will say what is wrong with it. A field
 * of the wrong kind counts as absent.
 */
export function readFields(body: Buffer, contentType: string | undefined): Fields {
  const form = readForm(body, contentType)
  if (form !== undefined) return { ...ofObject(Object.fromEntries(form.fields)), hasFiles: form.hasFiles }
  return ofObject(membersIn(looselyParsed(body)))
}

function ofObject(body: LooseObject): Fields {
  const { model, stream, prompt, input, n, best_of: bestOf, max_tokens: maxTokens } = body
  const prompts = promptsOf(prompt ?? input)
  const answers = Math.max(1, countOf(n) ?? 1, countOf(bestOf) ?? 1)
  return {
    model: typeof model === 'string' && model !== '' ? model.slice(0, LONGEST_NAME) : undefined,
    stream: stream === true || stream === 'true',
    answers: answers * Math.max(1, prompt === undefined ? 1 : prompts.count),
    keepsBest: (countOf(bestOf) ?? 1) > (countOf(n) ?? 1),
    maxTokens: countOf(maxTokens),
    // Of JSON, images come as addresses or as data of a length that says nothing about their tokens.
    hasFiles: body.images !== undefined || body.image !== undefined,
    texts: prompts.texts,
    givenTokens: prompts.tokens,
  }
}

/** A text, texts, a list of tokens, or lists of tokens. */
function promptsOf(value: unknown): { count: number; texts: readonly string[]; tokens: number } {
  if (!Array.isArray(value)) return { count: 1, texts: textsIn([value]), tokens: 0 }
  const tokens = value.reduce<number>((sum, each) => sum + (Array.isArray(each) ? each.length : 0), 0)
  if (typeof value[0] === 'number') return { count: 1, texts: [], tokens: value.length }
  return { count: value.length, texts: textsIn(value), tokens }
}

function textsIn(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string')
}

/** A form says its numbers in words. */
function countOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

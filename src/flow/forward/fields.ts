import { isUtf8 } from 'node:buffer'
import { requireFewValues } from '../../base/json-size.ts'
import { rootOf, splice } from '../../base/json-span.ts'
import { type LooseObject, looselyParsed, membersIn } from '../../base/loose-json.ts'
import { LONGEST_MODEL_NAME } from '../../base/model-name.ts'
import { ObjectEdits } from '../../routing/object-edits.ts'
import { onceEach } from '../../routing/rewriting.ts'
import { type Doubt, doubtOfFields } from './doubt.ts'
import { formSaidOnce, type Once, readForm, requireFewParts } from './form.ts'
import { doubtOfForm } from './form-doubt.ts'

/** What is read of a forwarded body: the model, and what bounds the cost. */
export interface Fields {
  readonly model: string | undefined
  readonly stream: boolean
  /** Number of answers asked for, over all prompts. */
  readonly answers: number
  /** Only the best answers are returned; all are billed. */
  readonly keepsBest: boolean
  /** Maximum length of an answer in tokens; undefined if the body sets none. */
  readonly maxTokens: number | undefined
  /** Audio or images, whose tokens no byte count bounds. */
  readonly hasFiles: boolean
  /** The prompts as text, and the number of tokens given as token ids: counted if no usage is reported. */
  readonly texts: readonly string[]
  readonly givenTokens: number
}

/** A body as read here, and as its upstream is to read it. */
export interface ReadFields extends Fields, Once {
  readonly kind: 'json' | 'form' | 'unreadable'
  /** Why an upstream might read something else; only checked if rules depend on what is read. */
  readonly doubt: Doubt | undefined
}

const READ_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'stream',
  'prompt',
  'input',
  'n',
  'best_of',
  'max_tokens',
  'images',
  'image',
])

/**
 * Reads JSON or a multipart form. An unreadable body yields no fields; its upstream will say what is wrong
 * with it. A field of the wrong type counts as absent. Of a repeated field the last counts and the others are
 * removed, since the upstream might read the first. If rules depend on what is read (`isBinding`), keys that
 * differ only in case are removed as well, and anything else an upstream might read differently is reported
 * as a doubt. Throws `invalid_request` for a body of too many values or parts.
 */
export function readFields(body: Buffer, contentType: string | undefined, isBinding: boolean): ReadFields {
  requireFewParts(body, contentType)
  const form = readForm(body, contentType)
  if (form !== undefined) {
    const { hasFiles } = form
    const fields = Object.fromEntries(form.fields)
    const doubt = isBinding
      ? (doubtOfForm(body, contentType ?? '', READ_FIELDS) ?? doubtOfFields(fields, countOf))
      : undefined
    const kind = form.fields.size > 0 || hasFiles || doubt !== undefined ? 'form' : 'unreadable'
    return { ...ofObject(fields), ...formSaidOnce(body, contentType, READ_FIELDS), hasFiles, kind, doubt }
  }
  const parsed = isBinding && !isUtf8(body) ? undefined : parsedObject(body)
  const isObject = parsed !== undefined
  const said = isObject ? jsonSaidOnce(body, isBinding) : { body, changes: [] }
  const object = membersIn(parsed)
  const doubt = isBinding ? doubtOfFields(object, countOf) : undefined
  return { ...ofObject(object), ...said, kind: isObject ? 'json' : 'unreadable', doubt }
}

const OPEN_BRACE = 0x7b

/** Undefined if the bytes are no JSON object. Throws as `requireFewValues` does. */
function parsedObject(body: Buffer): unknown {
  if (body[rootOf(body)] !== OPEN_BRACE) return undefined
  requireFewValues(body)
  return looselyParsed(body)
}

function jsonSaidOnce(body: Buffer, isBinding: boolean): Once {
  const root = new ObjectEdits(body, rootOf(body))
  const changes = isBinding ? onceEach(root, READ_FIELDS) : repeatedIn(root)
  return changes.length === 0 ? { body, changes } : { body: splice(body, root.edits()), changes }
}

function repeatedIn(root: ObjectEdits): string[] {
  return root.dropRepeats(READ_FIELDS).map((key) => `-repeated_${key}`)
}

function ofObject(body: LooseObject): Fields {
  const { model, stream, prompt, input, n, best_of: bestOf, max_tokens: maxTokens } = body
  const prompts = promptsOf(prompt ?? input)
  const answers = Math.max(1, countOf(n) ?? 1, countOf(bestOf) ?? 1)
  return {
    model: typeof model === 'string' && model !== '' ? model.slice(0, LONGEST_MODEL_NAME) : undefined,
    stream: stream === true || stream === 'true',
    answers: answers * Math.max(1, prompt === undefined ? 1 : prompts.count),
    keepsBest: (countOf(bestOf) ?? 1) > (countOf(n) ?? 1),
    // To some clients zero means no cap.
    maxTokens: countOf(maxTokens) || undefined,
    // In JSON, images come as URLs, or as data whose length says nothing about its tokens.
    hasFiles: body.images !== undefined || body.image !== undefined,
    texts: prompts.texts,
    givenTokens: prompts.tokens,
  }
}

/** A text, a list of texts, a list of token ids, or a list of such lists. */
function promptsOf(value: unknown): { count: number; texts: readonly string[]; tokens: number } {
  if (!Array.isArray(value)) return { count: 1, texts: textsIn([value]), tokens: 0 }
  const tokens = value.reduce<number>((sum, each) => sum + (Array.isArray(each) ? each.length : 0), 0)
  if (typeof value[0] === 'number') return { count: 1, texts: [], tokens: value.length }
  return { count: value.length, texts: textsIn(value), tokens }
}

function textsIn(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string')
}

/** Forms carry numbers as text. */
function countOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { fail } from '../base/failure.ts'
import { requireFewValues } from '../base/json-size.ts'

/**
 * A list checked up to its first fault. A schema reporting all of them would take seconds and gigabytes on a
 * body with a million, and only the first is ever reported.
 */
export function listOf<T extends z.ZodType>(element: T) {
  return z
    .custom<z.infer<T>[]>((value) => Array.isArray(value), {
      error: ({ input }) => (input === undefined ? 'is missing (array expected)' : 'must be of type array'),
    })
    .superRefine((list, context) => {
      for (const [index, value] of list.entries()) {
        const [fault] = element.safeParse(value, { error: wordsOf }).error?.issues ?? []
        if (fault === undefined) continue
        context.addIssue({ code: 'custom', path: [index, ...fault.path], message: fault.message })
        return
      }
    })
}

/**
 * Reads a request from its body. Throws a `Refusal`: `invalid_json` for anything but a JSON object in UTF-8
 * (including one with a byte order mark, which upstreams would not accept), `invalid_request` naming the
 * field that is missing or has the wrong shape. A value that `isPlain` accepts skips the schema, and keeps
 * the fields the schema does not name.
 */
export function readBody<T extends z.ZodType>(
  schema: T,
  body: Buffer,
  isPlain?: (value: object) => value is z.infer<T> & object,
): z.infer<T> {
  const value = parseObject(body)
  if (isPlain?.(value)) return value
  const read = schema.safeParse(value, { error: wordsOf })
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const param = issue === undefined ? null : paramOf(issue.path)
  return fail({ code: 'invalid_request', param, detail: detailOf(param, issue?.message ?? 'not understood') })
}

function parseObject(body: Buffer): object {
  if (body.length === 0) fail({ code: 'invalid_json', detail: 'it is empty; expected a JSON object' })
  if (!isUtf8(body)) fail({ code: 'invalid_json', detail: 'it is not valid UTF-8' })
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
    fail({ code: 'invalid_json', detail: 'it starts with a byte order mark; send it without one' })
  }
  requireFewValues(body)
  const value = parse(body.toString())
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  return fail({ code: 'invalid_json', detail: 'it is JSON, but not an object' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : 'it is not valid JSON'
    return fail({ code: 'invalid_json', detail }, error)
  }
}

/** Why a value is refused, as the end of a sentence that begins with the field's name. */
const wordsOf: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') {
    const kind = issue.expected === 'int' ? 'whole number' : issue.expected
    return issue.input === undefined ? `is missing (${kind} expected)` : `must be of type ${kind}`
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'number' ? `must be at least ${issue.minimum}` : 'must not be empty'
  }
  if (issue.code !== 'too_big') return undefined
  return issue.origin === 'string'
    ? `must have at most ${issue.maximum} characters`
    : `must be at most ${issue.maximum}`
}

/** A path in OpenAI's notation: `messages[0].content`. */
function paramOf(path: readonly PropertyKey[]): string {
  let param = ''
  for (const step of path) {
    if (typeof step === 'number') param += `[${step}]`
    else param += param === '' ? String(step) : `.${String(step)}`
  }
  return param
}

function detailOf(param: string | null, words: string): string {
  if (param === 'model') return `'model' ${words}; name a model, or use "auto"`
  return `'${param}' ${words}`
}

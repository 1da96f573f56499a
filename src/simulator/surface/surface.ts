import type { ServerResponse } from 'node:http'
import { edgeHeaders } from '../answer-headers.ts'
import { errorBody, unknownUrl, type WireError } from '../wire-error.ts'
import { type Answer, type Ask, type Operation, Refused } from './answer.ts'
import { batchOperations } from './batches.ts'
import { fileOperations } from './files.ts'
import { mediaOperations } from './media.ts'
import { storedOperations } from './stored.ts'
import { textOperations } from './text.ts'

const OPERATIONS: readonly Operation[] = [
  ...textOperations,
  ...mediaOperations,
  ...fileOperations,
  ...batchOperations,
  ...storedOperations,
]

/**
 * Answers everything that is not a routed endpoint, with complete responses and field-by-field validation.
 */
export async function surface(ask: Omit<Ask, 'params' | 'query'>, response: ServerResponse): Promise<void> {
  const { call, random } = ask
  const answered = await answer(ask).catch((thrown: unknown) => {
    if (thrown instanceof Refused) return failed(thrown.error)
    throw thrown
  })
  response.writeHead(answered.status, { ...edgeHeaders(random), 'content-type': answered.type })
  const pieces =
    typeof answered.body === 'string' || Buffer.isBuffer(answered.body) ? [answered.body] : answered.body
  for (const piece of pieces) response.write(piece)
  response.end()
  call.status = answered.status
  call.ending = 'finished'
}

async function answer(ask: Omit<Ask, 'params' | 'query'>): Promise<Answer> {
  const { call } = ask
  const url = new URL(call.path, 'http://simulator')
  const path = url.pathname.replace(/^\/v1/, '')
  for (const operation of OPERATIONS) {
    const params = operation.method === call.method ? match(operation.path, path) : undefined
    if (params !== undefined) return operation.answer({ ...ask, params, query: url.searchParams })
  }
  return failed(unknownUrl(call.method, url.pathname))
}

function failed(error: WireError): Answer {
  return { status: error.status, type: 'application/json', body: errorBody(error) }
}

/** The values of a path's placeholders; undefined if the path does not match. */
function match(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const text = given[index] ?? ''
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (name !== undefined && text !== '') params[name] = decodeURIComponent(text)
    else if (segment !== text) return undefined
  }
  return params
}

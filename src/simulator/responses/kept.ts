import type { RecordedCall } from '../call.ts'
import { tokensOf } from '../tokens.ts'
import { errorBody, unknownUrl } from '../wire-error.ts'
import type { ResponseStore } from './store.ts'

/** `/v1/responses/{id}` and the paths below it: stored responses are shown, cancelled or deleted. */
export function keptAnswer(
  { method, path: url, body, parsed }: RecordedCall,
  store: ResponseStore,
): { readonly status: number; readonly body: string } {
  const path = url.split('?')[0] ?? ''
  const [, , , id = '', what = ''] = path.split('/').map(decodeURIComponent)
  if (method === 'POST' && id === 'input_tokens') {
    return said({ object: 'response.input_tokens', input_tokens: tokensOf(body.toString()) })
  }
  if (method === 'POST' && id === 'compact') return said(compaction(parsed))
  const found = store.find(id)
  if (found === undefined) return missing(id)
  if (method === 'DELETE' && what === '') {
    store.forget(id)
    return said({ id, object: 'response', deleted: true })
  }
  if (method === 'GET' && what === 'input_items') {
    const data = found.input.map((item, index) => ({ id: `msg_${index}`, type: 'message', ...item }))
    return said({ object: 'list', data, first_id: null, last_id: null, has_more: false })
  }
  if (method === 'GET' && what === '') return said(found.response)
  if (method === 'POST' && what === 'cancel') return said({ ...found.response, status: 'cancelled' })
  return { status: 404, body: errorBody(unknownUrl(method, path)) }
}

function compaction(parsed: unknown): object {
  const tokens = tokensOf(JSON.stringify(parsed ?? {}))
  return {
    id: 'resp_compacted',
    object: 'response.compaction',
    created_at: 0,
    output: [{ id: 'cmp_1', type: 'compaction', encrypted_content: 'gAAAAAcompacted' }],
    usage: {
      input_tokens: tokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 8,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: tokens + 8,
    },
  }
}

function said(body: object): { status: number; body: string } {
  return { status: 200, body: `${JSON.stringify(body, null, 2)}\n` }
}

function missing(id: string): { status: number; body: string } {
  const message = `Response with id '${id}' not found.`
  return {
    status: 404,
    body: errorBody({ status: 404, message, type: 'invalid_request_error', param: null, code: null }),
  }
}

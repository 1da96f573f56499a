import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { Refusal } from '../../../src/base/failure.ts'
import { ConfigError } from '../../../src/config/file/config-error.ts'
import { parseFile } from '../../../src/config/file/parse.ts'
import { Settings } from '../../../src/config/schema/schema.ts'
import { chatDialect } from '../../../src/flow/dialect/chat.ts'
import type { Dialect } from '../../../src/flow/dialect/dialect.ts'
import { responsesDialect } from '../../../src/flow/dialect/responses.ts'
import { readWish } from '../../../src/routing/wish.ts'
import { readUrl } from '../../../src/server/request-url.ts'
import { readAnswer } from '../../../src/upstream/answer-report.ts'
import { ChatFrames } from '../../../src/upstream/frames/chat-frames.ts'
import { ResponseFrames } from '../../../src/upstream/frames/response-frames.ts'
import { StreamMeter } from '../../../src/upstream/frames/stream-meter.ts'
import { forwardable, presentable } from '../../../src/upstream/headers.ts'
import { gpt4o, o1Mini } from '../../support/targets.ts'
import { bytesOf, type Chance, mutate, oddJson, oneOf } from './mutate.ts'

/** A parser of untrusted input. */
export interface FuzzTarget {
  readonly name: string
  /** Cases that run unchanged before any are generated. */
  readonly corpus: readonly string[]
  /** Reads one case. Throws only for what must never happen; a refusal is a valid outcome. */
  read(text: string, chance: Chance): void
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

const CHATS: readonly string[] = [
  '{"model":"auto","messages":[{"role":"user","content":"Prove it."}]}',
  '{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":false},"max_tokens":100,"temperature":0.2,"n":2,"messages":[{"role":"system","content":"Be brief"},{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}}]}]}',
  '{"model":"trivium/stem_reasoning","messages":[{"role":"developer","content":"x"},{"role":"user","content":"2+2"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"4"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}}}',
  '{"model":"o1-mini","max_completion_tokens":50,"reasoning_effort":"high","service_tier":"flex","metadata":{"a":"b"},"prediction":{"type":"content","content":"x"},"messages":[{"role":"user","content":"Hi"}],"messages":[{"role":"user","content":"Ho"}]}',
  ...oddJson(1, 300),
]

const RESPONSES: readonly string[] = [
  '{"model":"auto","input":"Who wrote Emma?"}',
  '{"model":"gpt-4o","instructions":"Be brief","stream":true,"max_output_tokens":50,"reasoning":{"effort":"low"},"input":[{"role":"user","content":[{"type":"input_text","text":"Hi"},{"type":"input_image","image_url":"https://x/y.png"}]},{"type":"function_call_output","call_id":"a","output":"4"}],"tools":[{"type":"function","name":"f","parameters":{}}],"text":{"format":{"type":"json_object"}}}',
  '{"model":"gpt-4o","previous_response_id":"resp_1","store":false,"background":true,"conversation":{"id":"c"},"input":[{"type":"reasoning","id":"rs_1","encrypted_content":"x","summary":[]}]}',
  ...oddJson(2, 300),
]

/** A body that is accepted must adapt to every target, with a result that is valid JSON. */
function readBody(dialect: Dialect, body: Buffer): void {
  try {
    const request = dialect.read(body)
    for (const target of [gpt4o, o1Mini]) {
      for (const asAsked of [true, false]) {
        const adapted = request.adapt({ target, outputCap: 1_000, stateCap: true, asAsked })
        const read: unknown = JSON.parse(adapted.body.toString())
        check(typeof read === 'object' && read !== null && 'model' in read, 'a body lost its model')
        check(adapted.outputCap <= 1_000 || asAsked, 'a cap grew')
      }
      request.promptText(target)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

const CHUNK = '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06"'
const STREAMS: readonly string[] = [
  `data: ${CHUNK},"choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}],"usage":null}\n\ndata: ${CHUNK},"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}],"usage":null}\n\ndata: ${CHUNK},"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":4}}}\n\ndata: [DONE]\n\n`,
  `: comment\r\n\r\nevent: x\r\ndata: ${CHUNK},"choices":[{"delta":{"content":"\\ud83d\\ude00 \\"finish_reason\\":\\"stop\\""}}]}\r\n\r\ndata: {"error":{"message":"broke"}}\r\n\r\n`,
  'event: response.created\ndata: {"type":"response.created","response":{"id":"resp_1","model":"gpt-4o","usage":null}}\n\nevent: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"Hi"}\n\nevent: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1","status":"completed","model":"gpt-4o","usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7}}}\n\n',
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}\r\rdata: [DONE]\r\r',
]

/** What a meter has seen and forwarded of a stream in pieces of these sizes. */
function metered(bytes: Buffer, isChat: boolean, hideUsage: boolean, size: () => number) {
  const meter = new StreamMeter(isChat ? new ChatFrames(1) : new ResponseFrames(), {
    hideUsage,
    textOf: (lines) => lines,
  })
  const out: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + size())
    // Each piece is its own buffer, as on a socket, because the meter may look at a piece again.
    out.push(Buffer.from(meter.take(Buffer.from(bytes.subarray(at, end)))))
    at = end
  }
  const { complete, failed, usage, model, hasUnread } = meter
  return { told: { complete, failed, usage, model }, hasUnread, forwarded: Buffer.concat(out).length }
}

const HEADERS: readonly string[] = [
  'authorization: Bearer sk\nconnection: keep-alive, x-a\nx-a: 1\ncontent-type: application/json',
  'x-trivium-route: trivium/factual_recall\nhost: a\ntransfer-encoding: chunked\ncookie: a=b',
  'connection: close\nx-forwarded-for: 1\nsec-fetch-site: same-origin\nopenai-organization: org',
  'retry-after: 5\nx-request-id: req_1\nset-cookie: a\nx-ratelimit-limit-requests: 5',
  'x-trivium-route: off\nupgrade: websocket\nte: trailers\nproxy-authorization: x',
]
const HIDDEN =
  /^(connection|transfer-encoding|te|trailer|upgrade|host|content-length|cookie|authorization|x-trivium-.*)$/

function headersIn(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').map((line) => {
      const [name = '', ...value] = line.split(':')
      return [name.trim().toLowerCase(), value.join(':').trim()]
    }),
  )
}

const STEERINGS = ['always', 'auto_only', 'off'] as const

export const TARGETS: readonly FuzzTarget[] = [
  {
    name: 'bodies',
    corpus: [...CHATS, ...RESPONSES],
    read(text, chance) {
      const body = bytesOf(chance, text)
      readBody(chance(2) === 0 ? chatDialect : responsesDialect, body)
      readAnswer(body)
    },
  },
  {
    name: 'frames',
    corpus: STREAMS,
    read(text, chance) {
      const bytes = bytesOf(chance, text)
      const [isChat, hideUsage] = [chance(2) === 0, chance(2) === 0]
      const whole = metered(bytes, isChat, hideUsage, () => bytes.length)
      const pieces = metered(bytes, isChat, hideUsage, () => 1 + chance(90))
      // The meter reports what it could not read. Where line endings change midway, its results are not to be
      // trusted.
      check(
        whole.hasUnread || pieces.hasUnread || isDeepStrictEqual(whole.told, pieces.told),
        `pieces tell otherwise: ${JSON.stringify([whole.told, pieces.told])}`,
      )
      check(hideUsage || whole.forwarded === bytes.length, 'bytes got lost')
    },
  },
  {
    name: 'yaml',
    corpus: [
      'teams: { a: { budgets: [ { usd: 1, per: day } ], keys: [] } }\n',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in a configuration.
      'server: { listen: 127.0.0.1:0, drain: 1s }\nupstreams: { openai: { base_url: "http://x/v1", api_key: ${A:-b} } }\nroutes: { stem_reasoning: [a] }\n',
      'a: &a [1]\nb: [*a, *a]\nc: {<<: *a}\n',
      'classifier: { abstain_below: 0.5 }\nlog: { level: info }\nstore: { sqlite: x, retain: 1d }\n',
      ...readFileSync('config/trivium.yaml', 'utf8').split(/\n(?=\w)/),
    ],
    read(text) {
      try {
        parseFile(Settings, { file: 'fuzz.yaml', text, env: { A: 'a: [' } })
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
      }
    },
  },
  {
    name: 'headers',
    corpus: [
      ...HEADERS,
      'GET: /v1/chat/completions?a=b',
      'GET: http://a/openai/deployments/x%2fy/chat/completions',
    ],
    read(text, chance) {
      const headers = headersIn(text)
      const sent = forwardable(headers, chance(2) === 0)
      for (const name of Object.keys(sent)) check(!HIDDEN.test(name), `${name} goes upstream`)
      const shown = presentable(headers, chance(2) === 0)
      check(shown.length % 2 === 0, 'a name without a value')
      for (let index = 0; index < shown.length; index += 2) {
        check(!/^(set-cookie$|x-trivium-)/.test(shown[index] ?? ''), `${shown[index]} is shown`)
      }
      const { path } = readUrl(headers.get ?? text)
      check(typeof path === 'string', 'no path')
      try {
        const steering = { routing: oneOf(chance, STEERINGS), models: undefined }
        readWish(text.slice(0, 40), headers['x-trivium-route'], steering, new Set(['gpt-4o']))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    },
  },
]

/** One case of a target, generated from its corpus: deterministic for a seed and index. */
export function caseOf({ corpus }: FuzzTarget, chance: Chance, index: number): string {
  return corpus[index] ?? mutate(chance, corpus)
}

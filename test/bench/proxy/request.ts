import type { Door, Kind } from './order.ts'
import { createPrompts, type Prompt, SERIAL_DIGITS } from './prompts.ts'

/**
 * The number of different bodies, fewer for large ones. In addition, a serial number makes each request
 * unique.
 */
export function bodiesOf(bytes: number): number {
  return Math.max(12, Math.min(600, Math.floor(2_000_000 / bytes)))
}

const prompts = new Map<string, readonly Prompt[]>()
let serial = 0

/** The next request of a kind, head and body. */
export function requestOf(kind: Kind, { port, key, keys, headers }: Door): Buffer {
  const { body, serialAt } = nextPrompt(kind)
  const whose = keys === undefined ? key : `${key}${serial % keys}`
  const head =
    `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\n` +
    'accept: application/json\r\ncontent-type: application/json\r\nuser-agent: OpenAI/JS 7.57.0\r\n' +
    'x-stainless-lang: js\r\nx-stainless-package-version: 7.57.0\r\nx-stainless-os: Linux\r\n' +
    'x-stainless-arch: x64\r\nx-stainless-runtime: node\r\nx-stainless-retry-count: 0\r\n' +
    `x-bench: ${kind.chunks}/${kind.delayMs}/${kind.everyMs}\r\n${headers}` +
    `authorization: Bearer ${whose}\r\ncontent-length: ${body.length}\r\n\r\n`
  const request = Buffer.allocUnsafe(head.length + body.length)
  request.write(head, 0, 'latin1')
  body.copy(request, head.length)
  request.write(String(serial).padStart(SERIAL_DIGITS, '0'), head.length + serialAt, 'latin1')
  return request
}

function nextPrompt({ bytes, chunks }: Kind): Prompt {
  const name = `${bytes} ${chunks > 0}`
  const made = prompts.get(name) ?? createPrompts(bodiesOf(bytes), chunks > 0, bytes)
  prompts.set(name, made)
  serial += 1
  const prompt = made[serial % made.length]
  if (prompt === undefined) throw new RangeError('no prompts')
  return prompt
}

import type OpenAI from 'openai'
import { toFile } from 'openai'

/** Calls of the newest official client, keyed by dotted name and what is special about the call. */
export type Calls = Readonly<Record<string, (client: OpenAI) => Promise<unknown>>>

/** Every call gets a new file, since an upload can be read only once. */
export function textFile(name = 'lines.jsonl') {
  return toFile(Buffer.from('{"line": "长城"}\n{"line": 2}\n'), name, { type: 'application/jsonl' })
}

/** All byte values, so that treating it as text would lose some. */
export function binaryFile(name: string, type: string) {
  const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
  return toFile(bytes, name, { type })
}

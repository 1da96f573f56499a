import type OpenAI from 'openai'
import { toFile } from 'openai'

/** One call of the newest official client, by its dotted name and what is special about it. */
export type Calls = Readonly<Record<string, (client: OpenAI) => Promise<unknown>>>

/** Files are written anew for each call: an upload may be read once only. */
export function textFile(name = 'lines.jsonl') {
  return toFile(Buffer.from('{"line": "长城"}\n{"line": 2}\n'), name, { type: 'application/jsonl' })
}

/** Every byte there is, so that whoever takes it for text loses some. */
export function binaryFile(name: string, type: string) {
  const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
  return toFile(bytes, name, { type })
}

import type { Reply } from './connection.ts'

/** A bulk string of the Redis protocol: its length in bytes, then its text. */
function word(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`
}

/** Encodes a command in the Redis protocol; the result is sent as is. */
export function encode(words: readonly (string | number)[]): string {
  let text = `*${words.length}\r\n`
  for (const each of words) text += word(typeof each === 'string' ? each : String(each))
  return text
}

/**
 * Encodes a script call: `EVALSHA` with the number of keys before them, and one extra argument, `last`, after
 * the others.
 */
export function encodeRun(
  sha: string,
  keys: readonly string[],
  args: readonly (string | number)[],
  last: number,
): string {
  let text = `*${keys.length + args.length + 4}\r\n$7\r\nEVALSHA\r\n${word(sha)}${word(String(keys.length))}`
  for (const key of keys) text += word(key)
  for (const each of args) text += word(typeof each === 'string' ? each : String(each))
  return text + word(String(last))
}

/** Converts a parsed reply, turning bytes into text; undefined for a type the protocol does not have. */
export function decode(parsed: unknown): Reply | undefined {
  if (parsed instanceof Buffer) return parsed.toString()
  if (parsed === null || typeof parsed === 'number') return parsed
  if (typeof parsed === 'string') return parsed
  if (!Array.isArray(parsed)) return undefined
  const list: Reply[] = []
  for (const each of parsed) {
    const reply = decode(each)
    if (reply === undefined) return undefined
    list.push(reply)
  }
  return list
}

import type { Reply } from './connection.ts'

/** A word of a command in Redis' own protocol: its length in bytes, and itself. */
function word(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`
}

/** A command in Redis' own protocol, with words that are never looked at again. */
export function encode(words: readonly (string | number)[]): string {
  let text = `*${words.length}\r\n`
  for (const each of words) text += word(typeof each === 'string' ? each : String(each))
  return text
}

/** A call of a script: `EVALSHA`, with the keys' number before them and one more argument, `last`, behind the others. */
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

/** What a parsed answer says, with texts in the place of bytes; undefined where the protocol has no such thing. */
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

import { keyOf } from './command-key.ts'
import type { Reply } from './connection.ts'
import type { Written } from './exchange.ts'
import type { Script } from './script.ts'
import { encode, encodeRun } from './wire.ts'

type Arguments = readonly (string | number)[]

/** A call to Redis. */
export type Call = (
  | {
      readonly script: Script
      readonly keys: readonly string[]
      readonly args: Arguments
      readonly onLate: ((reply: Reply) => void) | undefined
    }
  | { readonly name: string; readonly args: Arguments }
) & {
  /** Sends `ASKING` first: the node is asked for a slot that is still migrating to it. */
  readonly asking?: true
}

/**
 * Encodes calls for sending; each one keeps its index in the list. A script that Redis has not been sent is
 * sent with the first call that needs it and counts as loaded from then on. `validUntil`:
 * milliseconds of Redis' time.
 */
export function writeCalls(
  calls: readonly Call[],
  loaded: Set<Script>,
  validUntil: number,
): readonly Written[] {
  const commands: Written[] = []
  for (const [index, call] of calls.entries()) {
    if ('script' in call && !loaded.has(call.script)) {
      loaded.add(call.script)
      commands.push(unasked('SCRIPT', ['LOAD', call.script.source]))
    }
    if (call.asking) commands.push(unasked('ASKING', []))
    if ('script' in call) {
      const text = encodeRun(call.script.sha, call.keys, call.args, validUntil)
      commands.push({ name: 'EVALSHA', text, index })
    } else commands.push({ name: call.name, text: encode([call.name, ...call.args]), index })
  }
  return commands
}

/** A command sent ahead of the call that needs it; its reply is ignored. */
function unasked(name: string, args: readonly string[]): Written {
  return { name, text: encode([name, ...args]), index: undefined }
}

/** What the keys of a call begin with, up to the end of the hash tag that they share. */
export function keysUnder(call: Call): string {
  const key = 'script' in call ? String(call.keys[0]) : keyOf(call.name, call.args)
  return key.slice(0, key.indexOf('}') + 1) || key
}

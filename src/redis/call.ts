import type { Reply } from './connection.ts'
import type { Written } from './exchange.ts'
import type { Script } from './script.ts'
import { encode, encodeRun } from './wire.ts'

type Arguments = readonly (string | number)[]

/** Something to ask Redis. */
export type Call = (
  | {
      readonly script: Script
      readonly keys: readonly string[]
      readonly args: Arguments
      readonly onLate: ((reply: Reply) => void) | undefined
    }
  | { readonly name: string; readonly args: Arguments }
) & {
  /** The node is asked although the slot is still on its way to it. */
  readonly asking?: true
}

/**
 * Calls as they are to be sent; each one's place is that in the list. A script that Redis was not sent is sent by the first
 * call that needs it, and counts as loaded from then on. `validUntil`: milliseconds of Redis' time.
 */
export function writeCalls(
  calls: readonly Call[],
  loaded: Set<Script>,
  validUntil: number,
): readonly Written[] {
  const commands: Written[] = []
  for (const [place, call] of calls.entries()) {
    if ('script' in call && !loaded.has(call.script)) {
      loaded.add(call.script)
      commands.push(unasked('SCRIPT', ['LOAD', call.script.source]))
    }
    if (call.asking) commands.push(unasked('ASKING', []))
    if ('script' in call) {
      const text = encodeRun(call.script.sha, call.keys, call.args, validUntil)
      commands.push({ name: 'EVALSHA', text, place })
    } else commands.push({ name: call.name, text: encode([call.name, ...call.args]), place })
  }
  return commands
}

/** A command before the one that needs it. */
function unasked(name: string, args: readonly string[]): Written {
  return { name, text: encode([name, ...args]), place: undefined }
}

import type { Reply } from './connection.ts'

/** The elements of a list. Empty for nil and for any other reply. */
export function listIn(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? reply : []
}

/** The elements of a list, as text. Empty for nil and for any other reply. */
export function textsIn(reply: Reply | undefined): readonly string[] {
  return listIn(reply).map(String)
}

/** The words of a text separated by blanks: scripts that run for every request reply with one string. */
export function wordsIn(reply: Reply): readonly string[] {
  return typeof reply === 'string' ? reply.split(' ') : []
}

/** The error for a reply that no version of a script gives. */
export function unexpected(reply: Reply): Error {
  return new Error(`unexpected reply from redis: ${JSON.stringify(reply)}`)
}

import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from './refusal.ts'

/** A hook that lets only the holder of the token through. */
export function requireToken(token: string) {
  return async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (isHolder(headers.authorization, token)) return undefined
    const message = 'Send the admin token as "Authorization: Bearer TOKEN".'
    return refuse(reply.header('www-authenticate', 'Bearer'), 401, 'invalid_api_key', message)
  }
}

/** Compares hashes, so that neither the token's length nor its beginning can be found out by timing. */
function isHolder(authorization: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(authorization ?? ''), hash(`Bearer ${token}`))
}

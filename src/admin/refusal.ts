import type { FastifyError, FastifyReply } from 'fastify'

/** The envelope of the data plane, so that one reader of errors reads both. */
export function refuse(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
  metadata?: object,
): FastifyReply {
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return reply
    .code(status)
    .send({ error: { message, type, param: null, code, ...(metadata !== undefined && { metadata }) } })
}

/** Fastify's own complaints, and what nobody foresaw: the message of that is for no one outside. */
export function refuseHttp({ statusCode = 500, message }: FastifyError, reply: FastifyReply): void {
  if (statusCode < 500) refuse(reply, statusCode, 'invalid_request', message)
  else refuse(reply, 500, 'internal_error', 'The admin plane failed for a reason nobody foresaw.')
}

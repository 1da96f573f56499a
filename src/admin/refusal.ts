import type { FastifyError, FastifyReply } from 'fastify'

/** Uses the data plane's error envelope, so that one parser handles both. */
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

/**
 * Answers Fastify's own errors and unexpected ones; the message of an unexpected error is not sent to the
 * client.
 */
export function refuseHttp({ statusCode = 500, message }: FastifyError, reply: FastifyReply): void {
  if (statusCode < 500) refuse(reply, statusCode, 'invalid_request', message)
  else refuse(reply, 500, 'internal_error', 'Internal error in the admin plane; its log has the details.')
}

import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply } from 'fastify'
import { type Failure, Refusal } from '../base/failure.ts'
import { requestId } from '../base/ids.ts'
import { answerTo } from './envelope.ts'
import { closeAfter } from './linger.ts'

/** Puts fastify's own errors into the envelope. */
export function refuseHttp(error: FastifyError | Refusal, limitBytes: number, reply: FastifyReply): void {
  // The rest of such a body is unwelcome, and nobody may have looked at its key: it must not hold the connection.
  if (!reply.request.raw.complete) closeAfter(reply)
  send(reply, failureIn(error, limitBytes))
}

function failureIn(error: FastifyError | Refusal, limitBytes: number): Failure {
  if (error instanceof Refusal) return error.failure
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { code: 'body_too_large', limitBytes }
  return error.statusCode !== undefined && error.statusCode < 500
    ? { code: 'invalid_request', detail: error.message, param: null }
    : { code: 'internal_error' }
}

/** Answers a request before its life has begun. */
export function send(reply: FastifyReply, failure: Failure): void {
  const { status, headers, error } = answerTo(failure)
  for (let index = 0; index < headers.length; index += 2) {
    void reply.header(headers[index] ?? '', headers[index + 1] ?? '')
  }
  void reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('x-request-id', requestId(Date.now()))
    .send(JSON.stringify({ error }, null, 2))
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Not HTTP at all: there is no request to answer, only a connection to close politely. */
export function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  // If anything was already sent on this connection, our answer might land in the middle of it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const detail = `the bytes are no HTTP request (${error.code ?? error.message})`
  const failure = answerTo({ code: 'invalid_request', detail, param: null })
  const body = JSON.stringify({ error: failure.error }, null, 2)
  const head = [
    `HTTP/1.1 ${STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId(Date.now())}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

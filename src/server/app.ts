import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Refusal } from '../base/failure.ts'
import { SLOW_CLIENTS } from '../base/slow-clients.ts'
import { refuseHttp, refuseMalformed } from './http-refusal.ts'
import { unpack } from './unpack.ts'

/** Deadline for receiving a whole request: 512 MB in ten minutes is 7 Mbit/s. */
const SLOWEST_UPLOAD_MS = 600_000

/** A server without routes: bodies stay bytes, decompressed, and every refusal is an OpenAI error. */
export function createApp(maxBodyBytes: number): FastifyInstance {
  const app = Fastify({
    bodyLimit: maxBodyBytes,
    logger: false,
    exposeHeadRoutes: false,
    requestTimeout: SLOWEST_UPLOAD_MS,
    http: { ...SLOW_CLIENTS, requireHostHeader: false },
    // In-flight requests finish, and new ones get `draining` in the envelope instead of fastify's own 503.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => refuseHttp(error, maxBodyBytes, reply),
    clientErrorHandler: refuseMalformed,
  })
  // Whatever content type the client declares, the bytes are kept as they are.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, ({ headers }, body: Buffer, done) => {
    const { 'content-encoding': encoding } = headers
    if (encoding === undefined) done(null, body)
    else unpackInto(body, encoding, headers, maxBodyBytes).then((plain) => done(null, plain), done)
  })
  app.setErrorHandler((error: FastifyError | Refusal, _request, reply) =>
    refuseHttp(error, maxBodyBytes, reply),
  )
  // Node itself would send `100 Continue`, and refuse every other expectation in its own words. Here the key
  // is checked first.
  for (const event of ['checkContinue', 'checkExpectation']) {
    app.server.on(event, (request, response) => app.server.emit('request', request, response))
  }
  return app
}

/** Decompresses a body, which is then read and forwarded uncompressed. */
async function unpackInto(
  body: Buffer,
  encoding: string,
  headers: FastifyRequest['headers'],
  mostBytes: number,
): Promise<Buffer> {
  const plain = await unpack(body, encoding, mostBytes)
  delete headers['content-encoding']
  return plain
}

import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { refuse } from './refusal.ts'
import { pagePolicy } from './security-headers.ts'

/** Where the build puts the console: `dist/` lies beside `src/` in a checkout, and is what a package runs. */
export const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'console')

/** Stands in the built page wherever a nonce belongs. */
const NONCE_PLACE = '__CSP_NONCE__'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** No separator, and no dot at the beginning: a name leads nowhere else. */
const NAME = /^[\w-][\w.-]*$/
const Named = z.object({ name: z.string() })

/** The console's files, read from `folder` at each request: a build beside a running server is served at once. */
export function servePage(app: FastifyInstance, folder: string): void {
  const file =
    (below: string, caching: string) => async (request: { params: unknown }, reply: FastifyReply) => {
      const { name } = Named.parse(request.params)
      const type = TYPES[extname(name)]
      const opened =
        NAME.test(name) && type !== undefined ? await openFile(join(folder, below, name)) : undefined
      if (opened === undefined || type === undefined) {
        return refuse(reply, 404, 'unknown_url', `The console has no file ${name.slice(0, 200)}.`)
      }
      reply.header('cache-control', caching).header('content-length', opened.size).type(type)
      return reply.send(opened.stream())
    }
  app.get('/', (_request, reply) => sendPage(reply, folder))
  // Their names hold a hash of what is in them.
  app.get('/assets/:name', file('assets', 'public, max-age=31536000, immutable'))
  app.get('/:name.:ending', (request, reply) => {
    const { name, ending } = z.object({ name: z.string(), ending: z.string() }).parse(request.params)
    return file('', 'no-cache')({ params: { name: `${name}.${ending}` } }, reply)
  })
}

/** The page itself, with a nonce of its own. Every place in the console is this page. */
export async function sendPage(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined)
  if (page === undefined) {
    const message = 'The console is not built: run "npm run build" and load this page again. The API serves.'
    return refuse(reply, 503, 'console_not_built', message)
  }
  const nonce = randomBytes(16).toString('base64')
  return reply
    .header('content-security-policy', pagePolicy(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(NONCE_PLACE, nonce))
}

async function openFile(path: string) {
  const handle = await open(path).catch(() => undefined)
  const found = await handle?.stat()
  if (handle === undefined || !found?.isFile()) {
    await handle?.close()
    return undefined
  }
  return { size: found.size, stream: () => handle.createReadStream() }
}

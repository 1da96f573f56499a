import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { PackedFiles } from './packed-files.ts'
import { refuse } from './refusal.ts'
import { pagePolicy } from './security-headers.ts'

/** Where the build puts the console: `dist/` is beside `src/` in a checkout, and is what a package runs. */
export const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'console')

/** Placeholder for the nonce in the built page. */
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

/** No separator and no leading dot, so that a name cannot escape its folder. */
const NAME = /^[\w-][\w.-]*$/
const Named = z.object({ name: z.string() })
const NameAndEnding = z.object({ name: z.string(), ending: z.string() })

/** Images and fonts are already compressed. */
const PACKABLE = new Set(['.css', '.js', '.json', '.svg'])

/** The console's files, read from `folder` on each request, so that a new build is served at once. */
export function servePage(app: FastifyInstance, folder: string): void {
  const packed = new PackedFiles()
  app.get('/', (_request, reply) => sendPage(reply, folder))
  // Asset names contain a content hash.
  app.get('/assets/:name', async (request, reply) => {
    const { name } = Named.parse(request.params)
    reply.header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'accept-encoding')
    const isPacked = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') && PACKABLE.has(extname(name))
    const path = pathOf(join(folder, 'assets'), name)
    const body = isPacked && path !== undefined ? await packed.read(path).catch(() => undefined) : undefined
    if (body === undefined) return sendFile(reply, join(folder, 'assets'), name)
    return reply.header('content-encoding', 'br').type(typeOf(name)).send(body)
  })
  app.get('/:name.:ending', (request, reply) => {
    const { name, ending } = NameAndEnding.parse(request.params)
    return sendFile(reply.header('cache-control', 'no-cache'), folder, `${name}.${ending}`)
  })
}

async function sendFile(reply: FastifyReply, folder: string, name: string): Promise<FastifyReply> {
  const path = pathOf(folder, name)
  const opened = path === undefined ? undefined : await openFile(path)
  if (opened !== undefined) {
    return reply.header('content-length', opened.size).type(typeOf(name)).send(opened.stream())
  }
  reply.removeHeader('cache-control')
  return refuse(reply, 404, 'unknown_url', `The console has no file ${name.slice(0, 200)}.`)
}

/** Undefined for a name that would escape the folder or that no build produces. */
function pathOf(folder: string, name: string): string | undefined {
  return NAME.test(name) && typeOf(name) !== '' ? join(folder, name) : undefined
}

function typeOf(name: string): string {
  return TYPES[extname(name)] ?? ''
}

/** The page itself, with a fresh nonce. Every route of the console is this page. */
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

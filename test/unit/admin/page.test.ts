import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import Fastify from 'fastify'
import { servePage } from '../../../src/admin/page.ts'
import { secureAnswers } from '../../../src/admin/security-headers.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const PAGE = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>'

function open(t: TestContext, isBuilt = true) {
  const directory = temporaryDirectory()
  const folder = join(directory.path, 'console')
  if (isBuilt) {
    mkdirSync(join(folder, 'assets'), { recursive: true })
    writeFileSync(join(folder, 'index.html'), PAGE)
    writeFileSync(join(folder, 'icon.svg'), '<svg/>')
    writeFileSync(join(folder, 'assets', 'main-1f2e.js'), 'export {}')
    writeFileSync(join(folder, 'assets', 'notes.txt'), 'of no known type')
    writeFileSync(join(directory.path, 'secret.js'), 'not of the console')
  }
  const app = Fastify()
  secureAnswers(app)
  servePage(app, folder)
  t.after(async () => {
    await app.close()
    directory.dispose()
  })
  return app
}

test('every page load has its own nonce for styles, and its policy allows no script but ours', async (t) => {
  const app = open(t)
  const nonces = new Set<string>()
  for (let turn = 0; turn < 2; turn += 1) {
    const { headers, body } = await app.inject('/')
    const policy = String(headers['content-security-policy'])
    const nonce = /style-src 'self' 'nonce-([\w+/=]+)'/.exec(policy)?.[1] ?? ''
    assert.equal(body, PAGE.replaceAll('__CSP_NONCE__', nonce))
    assert.match(policy, /^default-src 'none'; script-src 'self'; /)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.equal(headers['cache-control'], 'no-store')
    nonces.add(nonce)
  }
  assert.equal(nonces.size, 2)
})

test('assets are cached forever, other files are revalidated, and nothing else is served', async (t) => {
  const app = open(t)
  const script = await app.inject('/assets/main-1f2e.js')
  assert.deepEqual(
    [script.statusCode, script.body, script.headers['cache-control'], script.headers['content-type']],
    [200, 'export {}', 'public, max-age=31536000, immutable', 'text/javascript; charset=utf-8'],
  )
  for (const [name, wanted] of Object.entries({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }))
    assert.equal(script.headers[name], wanted)
  const headers = { 'accept-encoding': 'gzip, br' }
  const packed = await app.inject({ url: '/assets/main-1f2e.js', headers })
  assert.equal(packed.headers['content-encoding'], 'br')
  assert.equal(brotliDecompressSync(packed.rawPayload).toString(), 'export {}')
  assert.equal((await app.inject({ url: '/assets/none.js', headers })).statusCode, 404)
  assert.equal((await app.inject('/icon.svg')).headers['cache-control'], 'no-cache')
  const closed = [
    '/assets/notes.txt',
    '/assets/none.js',
    '/assets/..%2f..%2fsecret.js',
    '/assets/%2e%2e%2fsecret.js',
    '/..%2fsecret.js',
    '/assets/main-1f2e.js%00.svg',
  ]
  for (const path of closed) assert.equal((await app.inject(path)).statusCode, 404, path)
})

test('a page that was never built answers 503 and names the build command', async (t) => {
  const { statusCode, body } = await open(t, false).inject('/')
  assert.equal(statusCode, 503)
  assert.match(body, /The console is not built: run \\"npm run build\\"/)
})

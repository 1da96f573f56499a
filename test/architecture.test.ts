import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

/** Bundled into the console page; none of it is installed where Trivium runs. */
const CONSOLE_PACKAGES = [
  '@codemirror',
  '@lezer',
  '@fontsource-variable',
  '@mantine',
  '@tanstack/react-query',
  '@vitejs/plugin-react',
  'react',
  'react-dom',
  'vite',
  'wouter',
  'zod',
]

/**
 * What each module may import: other modules, single files of them (`flow/ports`), and packages. Node's own
 * modules are listed as `node:…` where they mean I/O. docs/architecture.md explains why.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  classifier: ['base', 'zod', 'lru-cache', 're2js'],
  capture: ['base', 'classifier', 'routing', 'zod', 're2js'],
  pricing: ['base'],
  routing: ['base', 'zod'],
  budget: ['base', 'zod'],
  ledger: ['base', 'budget', 'zod'],
  'ledger/sqlite': [
    'base',
    'budget',
    'ledger',
    'alerts/alert',
    'capture/kept-prompt',
    'capture/language',
    'zod',
    'node:sqlite',
    'node:fs',
    'node:os',
    'node:url',
    'node:timers/promises',
    'node:worker_threads',
  ],
  'ledger/redis-postgres': [
    'base',
    'budget',
    'ledger',
    'alerts/alert',
    'capture/kept-prompt',
    'capture/language',
    'redis',
    'pg',
    'zod',
    'lru-cache',
    'node:timers/promises',
  ],
  alerts: ['base', 'budget', 'ledger', 'undici', 'node:timers/promises'],
  limits: ['base'],
  'limits/memory': ['base', 'limits'],
  'limits/redis': ['base', 'limits', 'limits/memory', 'redis'],
  redis: ['base', 'iovalkey', 'zod', 'node:net', 'node:timers/promises'],
  upstream: [
    'base',
    'undici',
    'gpt-tokenizer',
    'lru-cache',
    'zod',
    'node:fs',
    'node:worker_threads',
    'node:timers/promises',
  ],
  flow: ['base', 'capture', 'classifier', 'pricing', 'routing', 'budget', 'ledger', 'limits', 'upstream'],
  config: [
    'base',
    'capture',
    'classifier',
    'pricing',
    'routing',
    'budget',
    'ledger',
    'limits',
    'upstream/settings',
    'alerts/settings',
    'telemetry/settings',
    'flow/runtime',
    'flow/team',
    'tuning/candidates',
    'tuning/durable-file',
    'tuning/journal',
    'tuning/tuning-error',
    'yaml',
    'zod',
    'lru-cache',
    'node:fs',
    'node:v8',
  ],
  server: ['base', 'flow', 'fastify', 'node:http', 'node:net'],
  telemetry: ['base', 'budget', 'ledger', 'flow', 'pino', 'lru-cache', 'node:fs', 'node:timers/promises'],
  'telemetry/tracing': ['base', 'budget', 'ledger', 'flow', 'telemetry', '@opentelemetry'],
  admin: [
    'base',
    'budget',
    'ledger',
    'operations',
    'capture/kept-prompt',
    'classifier/explanation',
    'limits/limiter',
    'pricing',
    'config/schema/team-schema',
    'tuning',
    'node:fs',
    'telemetry',
    'node:timers/promises',
    'fastify',
    'lru-cache',
    'prom-client',
    'zod',
    'admin/api/answers',
    'node:fs/promises',
  ],
  // Also used by the page, so it must not import anything that exists only on a server.
  'admin/api/answers': [
    'base',
    'budget',
    'ledger',
    'ledger/row',
    'ledger/line',
    'ledger/ledger',
    'tuning/journal-entry',
    'tuning/manifest',
    'zod',
  ],
  console: [
    'base',
    'admin/api/answers',
    'ledger/row',
    'budget/raise-words',
    'tuning/journal-entry',
    ...CONSOLE_PACKAGES,
  ],
  operations: [
    'base',
    'budget',
    'ledger',
    'ledger/sqlite',
    'ledger/redis-postgres',
    'classifier',
    'config',
    'tuning',
    'zod',
    'node:fs',
    'node:worker_threads',
  ],
  tuning: [
    'base',
    'capture',
    'classifier',
    'pricing',
    'routing',
    'ledger/decision-line',
    'ledger/reader',
    'ledger/line',
    'zod',
    'node:fs',
  ],
  simulator: ['base', 'zod', 'node:http', 'node:net', 'node:timers/promises'],
}

/** Packages that do I/O or hold state. `flow` must not reach any of them, even indirectly. */
const DRIVERS = [
  'fastify',
  'undici',
  'node:sqlite',
  'iovalkey',
  'pg',
  'pino',
  'yaml',
  'node:http',
  'node:net',
  'node:fs',
]
/** Node modules without I/O. */
const HARMLESS = [
  'node:crypto',
  'node:string_decoder',
  'node:buffer',
  'node:path',
  'node:util',
  'node:stream',
  'node:zlib',
  'node:os',
  'node:events',
]

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const files = globSync('src/**/*.{ts,tsx}').map((file) => file.replaceAll('\\', '/'))
const imports = files.flatMap(importsOf)

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(/^(?:import|export)(\s+type)?[^'"()]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm)
  return [...found].map(([, type, named, bare]) => {
    const to = named ?? bare ?? ''
    return {
      from: file,
      to: to.startsWith('.') ? normalize(join(dirname(file), to)) : to,
      typeOnly: type !== undefined,
    }
  })
}

/** `src/ledger/sqlite/hold.ts` belongs to `ledger/sqlite` if that folder has a rule of its own. */
function roomOf(file: string): string {
  const path = dirname(file).split('/').slice(1)
  const rooms = path.map((_, depth) => path.slice(0, depth + 1).join('/'))
  return rooms.findLast((room) => room in MAY_IMPORT) ?? path[0] ?? ''
}

function isAllowed(room: string, { to }: Import): boolean {
  if (HARMLESS.includes(to)) return true
  const allowed = [room, ...(MAY_IMPORT[room] ?? [])]
  if (!to.startsWith('src/')) return allowed.some((name) => to === name || to.startsWith(`${name}/`))
  const place = to.slice(4).replace(/\.tsx?$/, '')
  return allowed.some((name) => roomOf(to) === name || place === name)
}

test('every module imports only what its rule allows', () => {
  const wrong = imports.filter((each) => {
    const room = roomOf(each.from)
    return room in MAY_IMPORT && !isAllowed(room, each)
  })
  assert.deepEqual(
    wrong.map(({ from, to }) => `${from} imports ${to}`),
    [],
  )
})

test('every module has an import rule', () => {
  const rooms = new Set(files.map(roomOf))
  const known = new Set([...Object.keys(MAY_IMPORT), 'cli', 'compose', ''])
  assert.deepEqual(
    [...rooms].filter((room) => !known.has(room)),
    [],
  )
})

test('the request flow imports no driver, directly or indirectly', () => {
  const reached = new Map<string, string>()
  const queue = files.filter((file) => file.startsWith('src/flow/')).map((file) => ({ file, by: file }))
  for (const { file, by } of queue) {
    if (reached.has(file)) continue
    reached.set(file, by)
    for (const { from, to, typeOnly } of imports) {
      if (from !== file || typeOnly) continue
      assert.ok(!DRIVERS.includes(to), `${by} reaches ${to} through ${file}`)
      if (to.startsWith('src/')) queue.push({ file: to, by })
    }
  }
  assert.ok(reached.size > 20)
})

test('classifier, routing and pricing are pure: no clock, randomness, environment or waiting', () => {
  for (const file of files.filter((each) => /^src\/(classifier|routing|pricing)\//.test(each))) {
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    for (const word of [
      'Date.now',
      'new Date()',
      'Math.random',
      'process.',
      'performance.',
      'await ',
      'setTimeout',
    ]) {
      assert.ok(!code.includes(word), `${file} says ${word}`)
    }
  }
})

test('only main.ts reads the environment', () => {
  for (const file of files.filter((each) => each !== 'src/main.ts')) {
    assert.ok(!readFileSync(file, 'utf8').includes('process.env'), file)
  }
})

test('only compose.ts and what it is assembled from construct adapters', () => {
  const adapters =
    /^src\/(ledger\/(sqlite|redis-postgres)\/(ledger|books)|limits\/(memory|redis)\/limiter|redis\/connect|upstream\/(http-upstream|connections)|server\/data-plane|admin\/admin-plane)\.ts$/
  const users = imports.filter(({ from, to }) => adapters.test(to) && dirname(from) !== dirname(to))
  assert.deepEqual([...new Set(users.map(({ from }) => from))].sort(), [
    'src/compose.ts',
    'src/compose/admin.ts',
    'src/compose/shared-stores.ts',
    'src/compose/stores.ts',
  ])
})

/** As wide as the formatter lets code be, and a word more. */
const WIDEST = 118

test('comments, which the formatter leaves alone, are no wider than code', () => {
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').split('\n'))
      assert.ok(!/^\s*(\*|\/\/|\/\*)/.test(line) || line.length <= WIDEST, `${file}: ${line}`)
  }
})

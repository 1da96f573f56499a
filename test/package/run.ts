import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { environmentOf, readDockerfile, readWords, runSteps } from './dockerfile.ts'
import { runOrThrow } from './tarball.ts'

/**
 * `node test/package/run.ts [--only package|image]`: checks that are not part of `npm test`, because they
 * take minutes and need a registry. Packs the last commit as a release does, installs the tarball into empty
 * folders, runs the demo there on every supported Node, and runs the image's build steps in a folder. Its
 * server takes the ports of the default configuration.
 */
const { values } = parseArgs({ options: { only: { type: 'string' } } })
const NODES = ['24', '26']
const root = temporaryDirectory()
const commit = runOrThrow('git', ['rev-parse', '--short', 'HEAD'], '.').trim()

function checkOut(name: string): string {
  const folder = join(root.path, name)
  mkdirSync(folder)
  runOrThrow('sh', ['-c', `git archive HEAD | tar -x -C '${folder}'`], '.')
  return folder
}

function checkPackage(): void {
  const source = checkOut('source')
  runOrThrow('npm', ['ci', '--no-audit', '--no-fund'], source)
  const tarball = join(source, runOrThrow('npm', ['pack', '--silent'], source).trim())
  for (const node of NODES) {
    const folder = join(root.path, `node-${node}`)
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n')
    runOrThrow('npm', ['install', '--no-audit', '--no-fund', tarball, `node@${node}`], folder)
    const version = runOrThrow('npx', ['node', '--version'], folder).trim()
    const [, saved] = /^Saved (.*)$/m.exec(runOrThrow('npx', ['trivium-proxy', 'demo'], folder)) ?? []
    console.log(`node ${version}: npx trivium-proxy demo exits 0, saved ${saved}`)
  }
  console.log(`package: ${runOrThrow('du', ['-k', tarball], '.').split('\t')[0]} kB`)
}

/** Processes started by a build step find this project's Node, as they would find the image's. */
const PATH = `${join(process.cwd(), 'node_modules/.bin')}:${process.env.PATH}`

/** More than a minute: installing has just kept the machine busy. */
const MOST_TRIES = 60

function isHealthy(probe: string, words: readonly string[], app: string): boolean {
  try {
    runOrThrow('env', [`PATH=${PATH}`, probe, ...words], app)
    return true
  } catch {
    return false
  }
}

async function checkImage(): Promise<void> {
  const context = checkOut('context')
  for (const ignored of readFileSync('.dockerignore', 'utf8').trim().split('\n')) {
    rmSync(join(context, ignored), { recursive: true, force: true })
  }
  const steps = readDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'))
  const app = runSteps(steps, context, join(root.path, 'image'), (command, folder) => {
    const packages = /apt-get install (.*?) && /.exec(command)?.[1]
    if (packages === undefined) {
      // There is no user `node` here to give a folder to.
      runOrThrow('env', [`PATH=${PATH}`, 'sh', '-c', command.replace(/ && chown \S+ \S+/, '')], folder)
    } else runOrThrow('apt-get', ['install', '--dry-run', ...packages.split(' ')], folder)
  })
  const wordsOf = (name: string) => readWords(steps.findLast((step) => step.name === name)?.rest ?? '[]')
  const [command = '', ...entry] = wordsOf('ENTRYPOINT')
  const env = { ...environmentOf(steps), PATH, OPENAI_API_KEY: 'sk-none' }
  const server = spawn(command, [...entry, ...wordsOf('CMD')], {
    cwd: app,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Health alone proves nothing: another program may be listening on the address.
  let printed = ''
  server.stdout.on('data', (bytes) => {
    printed += bytes
    process.stdout.write(bytes)
  })
  try {
    const [probe = '', ...words] = wordsOf('HEALTHCHECK')
    for (let tries = 0; !printed.includes('listens on') || !isHealthy(probe, words, app); tries += 1) {
      if (server.exitCode !== null) throw new Error(`the server has exited with ${server.exitCode}`)
      if (tries === MOST_TRIES) throw new Error('the server does not become healthy')
      await setTimeout(1_000)
    }
    console.log(`image: starts, healthy by "${[probe, ...words].join(' ')}"`)
    console.log(`image: ${runOrThrow('du', ['-sm', app], '.').split('\t')[0]} MB on top of its base`)
  } finally {
    server.kill('SIGTERM')
  }
}

try {
  console.log(`commit ${commit}`)
  if (values.only !== 'image') checkPackage()
  if (values.only !== 'package') await checkImage()
} finally {
  root.dispose()
}

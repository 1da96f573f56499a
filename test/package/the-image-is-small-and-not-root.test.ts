import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { runCli } from '../../src/cli/cli.ts'
import { readConfiguration } from '../../src/config/configuration.ts'
import { capture } from '../unit/cli/capture.ts'
import { environmentOf, readCopy, readDockerfile, readWords } from './dockerfile.ts'

const instructions = readDockerfile(readFileSync('Dockerfile', 'utf8'))
const last = instructions.filter(({ stage }) => stage === instructions.at(-1)?.stage)
const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n')
const named = (name: string) => last.filter((each) => each.name === name).map(({ rest }) => rest)

test('the image’s last stage runs as a numeric user other than root', () => {
  const [user = ''] = named('USER')
  assert.match(user, /^[1-9]\d*:[1-9]\d*$/)
  const after = last.slice(last.findIndex(({ name }) => name === 'USER'))
  assert.ok(!after.some(({ name }) => name === 'RUN' || name === 'COPY'))
})

test('the image holds the build output, what `train --from-log` rehearses, and no sources or development packages', () => {
  const copied = last.filter(({ name }) => name === 'COPY').flatMap((each) => readCopy(each).sources)
  assert.deepEqual(copied, ['/app/node_modules', '/app/dist', 'package.json', 'LICENSE', 'config'])
  for (const needless of ['node_modules', 'test', 'docs']) assert.ok(ignored.includes(needless))
  assert.ok(!ignored.includes('config/training'))
  assert.ok(instructions.some(({ name, rest }) => name === 'RUN' && rest.includes('npm prune --omit=dev')))
})

test('the image preloads the allocator that it installs', () => {
  const { LD_PRELOAD: library = '', MALLOC_CONF } = environmentOf(instructions)
  const [, name = ''] = /^(lib\w+)\.so\.(\d+)$/.exec(library) ?? []
  assert.ok(named('RUN').some((command) => new RegExp(`apt-get install .*\\b${name}2\\b`).test(command)))
  assert.match(MALLOC_CONF ?? '', /dirty_decay_ms:\d+/)
})

test('everything the Dockerfile copies from the checkout exists and is sent to the builder', () => {
  for (const instruction of instructions.filter(({ name }) => name === 'COPY')) {
    const { from, sources } = readCopy(instruction)
    if (from !== undefined) continue
    for (const source of sources) assert.ok(existsSync(source) && !ignored.includes(source), source)
  }
})

test('the image’s command and health check are commands of the program itself', async () => {
  const program = readWords(named('ENTRYPOINT')[0] ?? '')
  assert.deepEqual(program, ['node', 'dist/main.js'])
  for (const words of [readWords(named('CMD')[0] ?? ''), readWords(named('HEALTHCHECK')[0] ?? '').slice(2)]) {
    const io = capture()
    assert.equal(await runCli([...words, '--help'], io), 0, io.err())
  }
})

const Compose = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      healthcheck: z.looseObject({ test: z.array(z.string()) }),
      depends_on: z.record(z.string(), z.object({ condition: z.literal('service_healthy') })).optional(),
      volumes: z.array(z.string()).optional(),
      stop_grace_period: z.string().optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
})
const readCompose = () => Compose.parse(parse(readFileSync('ops/compose/compose.yaml', 'utf8')))

test('the compose file starts trivium once its stores are healthy, keeps their data and waits for the drain', () => {
  const { services, volumes } = readCompose()
  const { trivium, redis, postgres } = services
  assert.deepEqual(Object.keys(trivium?.depends_on ?? {}), ['redis', 'postgres'])
  assert.deepEqual(Object.keys(volumes), ['redis', 'postgres'])
  for (const [name, store] of Object.entries({ redis, postgres })) {
    assert.match(store?.volumes?.[0] ?? '', new RegExp(`^${name}:/`))
  }
  assert.equal(trivium?.stop_grace_period, '40s')
  for (const mount of trivium?.volumes ?? []) {
    assert.ok(globSync(`ops/compose/${mount.split(':')[0]}/*`).length > 0, mount)
  }
})

test('the compose configuration is valid and drains within the stop grace period', () => {
  const { process } = readConfiguration('ops/compose/config/trivium.yaml', {
    OPENAI_API_KEY: 'sk-test',
    TRIVIUM_ADMIN_TOKEN: 'a-token-of-tests',
    REDIS_URL: 'redis://redis:6379',
    POSTGRES_URL: 'postgres://trivium:word@postgres:5432/trivium',
  })
  assert.equal(process.drainMs, 30_000)
  assert.equal(process.admin.port, 8081)
})

test('the workflows parse, and a release publishes only what CI has passed', () => {
  const Workflow = z.looseObject({
    jobs: z.record(z.string(), z.looseObject({ needs: z.string().optional(), uses: z.string().optional() })),
  })
  const [ci, release] = ['ci', 'release'].map((name) =>
    Workflow.parse(parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8'))),
  )
  assert.deepEqual(Object.keys(ci?.jobs ?? {}), ['test', 'package'])
  assert.equal(release?.jobs.test?.uses, './.github/workflows/ci.yml')
  assert.equal(release?.jobs.publish?.needs, 'test')
  const text = JSON.stringify(release)
  // npm refuses provenance for a package that does not name the repository it was built in.
  assert.match(text, /npm pkg set .{0,4}repository\.url=git.+npm publish/)
  for (const part of ['npm sbom', '--provenance', 'provenance":"mode=max'])
    assert.ok(text.includes(part), part)
})

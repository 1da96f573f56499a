import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { z } from 'zod'
import { readConfiguration } from '../../src/config/configuration.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { checkTemplates } from './template.ts'

const CHART = 'ops/helm/trivium'
const KUBERNETES = '1.32.0'
const isHelmHere = spawnSync('helm', ['version']).status === 0

const Values = z.looseObject({
  config: z.looseObject({
    server: z.looseObject({ listen: z.string(), admin: z.string(), drain: z.string() }),
  }),
  termination: z.object({ noticeSeconds: z.number(), graceSeconds: z.number() }),
})
const values = Values.parse(parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')))

const templates = Object.fromEntries(
  globSync(`${CHART}/templates/*`).map((file) => [basename(file), readFileSync(file, 'utf8')]),
)

test('the chart’s templates are well formed, use only existing values and make these objects', () => {
  const { problems, kinds } = checkTemplates(templates, values)
  assert.deepEqual(problems, [])
  assert.deepEqual(kinds.toSorted(), [
    'ConfigMap',
    'Deployment',
    'HorizontalPodAutoscaler',
    'NetworkPolicy',
    'PersistentVolumeClaim',
    'PodDisruptionBudget',
    'Service',
    'Service',
    'ServiceAccount',
  ])
})

test('the template check finds every kind of mistake', () => {
  const broken = {
    'a.yaml': 'apiVersion: v1\nkind: A\nx: {{ .Values.absent }}\n',
    'b.yaml': 'apiVersion: v1\nkind: B\n{{- if .Values.config }}\nx: 1\n',
    'c.yaml': 'apiVersion: v1\nkind: C\nx: {{ include "nobody" . }}\n',
    'd.yaml': 'apiVersion: v1\nkind: D\nx: {{ lookup "v1" "Secret" "" "" }}\n',
    'e.yaml': 'apiVersion: v1\nkind: E\nx: 1\nx: 2\n',
  }
  const files = checkTemplates(broken, values).problems.map((problem) => problem.slice(0, 6))
  assert.deepEqual(files, Object.keys(broken))
})

test('the chart’s configuration is valid, with secrets from the environment only', (t) => {
  const folder = temporaryDirectory()
  t.after(() => folder.dispose())
  const file = join(folder.path, 'trivium.yaml')
  writeFileSync(file, stringify(values.config))
  const { process } = readConfiguration(file, {
    OPENAI_API_KEY: 'sk-test',
    TRIVIUM_ADMIN_TOKEN: 'a-token-of-tests',
    REDIS_URL: 'redis://127.0.0.1:6379',
    POSTGRES_URL: 'postgres://trivium:word@127.0.0.1/trivium',
  })
  assert.deepEqual([process.listen.port, process.admin.port], [8080, 8081])
})

test('a pod has enough time to leave rotation and finish its requests in flight', () => {
  const { config, termination } = values
  const drainSeconds = Number(/^(\d+)s$/.exec(config.server.drain)?.[1])
  assert.ok(termination.graceSeconds >= termination.noticeSeconds + drainSeconds + 5)
})

test('helm renders the chart with each part switched on and off', (t) => {
  if (!isHelmHere) {
    // Not a skip: the tests above have checked all that can be checked without helm.
    t.diagnostic('helm is not installed: the templates were checked by their text alone')
    return
  }
  const folder = temporaryDirectory()
  t.after(() => folder.dispose())
  const helm = (more: object) => {
    const file = join(folder.path, 'values.yaml')
    mkdirSync(folder.path, { recursive: true })
    writeFileSync(file, stringify(more))
    return spawnSync('helm', ['template', 'shop', CHART, '--kube-version', KUBERNETES, '--values', file], {
      encoding: 'utf8',
    })
  }
  const kindsOf = (more: object) => {
    const { status, stdout, stderr } = helm(more)
    assert.equal(status, 0, stderr)
    return parseAllDocuments(stdout, { uniqueKeys: true }).map((document) => {
      assert.deepEqual(document.errors, [])
      return String(document.get('kind'))
    })
  }
  assert.equal(kindsOf({}).length, 7)
  assert.ok(kindsOf({ autoscaling: { enabled: true } }).includes('HorizontalPodAutoscaler'))
  const store = { redis: null, postgres: null, sqlite: 'data/trivium.db' }
  const embedded = { replicas: 1, persistence: { enabled: true }, config: { store } }
  const files = { 'rules.yaml': 'rules: []\n' }
  assert.ok(kindsOf({ ...embedded, files }).includes('PersistentVolumeClaim'))
  assert.ok(kindsOf({ replicas: 1, persistence: { enabled: true } }).includes('PersistentVolumeClaim'))
  assert.equal(
    kindsOf({ networkPolicy: { enabled: false }, podDisruptionBudget: { enabled: false } }).length,
    5,
  )
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ ...embedded, replicas: 2 }, /one process/],
    [{ ...embedded, autoscaling: { enabled: true } }, /one process/],
    [{ config: { store } }, /one process/],
    [{ persistence: { enabled: true } }, /cannot share one volume/],
  ]
  for (const [more, why] of refused) {
    const { status, stderr } = helm(more)
    assert.deepEqual([status, why.test(stderr)], [1, true], stderr)
  }
  assert.equal(spawnSync('helm', ['lint', '--strict', '--kube-version', KUBERNETES, CHART]).status, 0)
})

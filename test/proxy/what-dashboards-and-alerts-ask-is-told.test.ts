import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'
import { readPromql } from '../support/promql.ts'
import { type Scrape, scrape } from '../support/scrape.ts'

const Alert = z.strictObject({
  alert: z.string().regex(/^Trivium[A-Z]\w+$/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+[mh]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
  annotations: z.strictObject({ summary: z.string().min(20) }),
})
const Rules = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Alert) })),
})
const Dashboard = z.looseObject({
  panels: z.array(
    z.looseObject({ title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })).optional() }),
  ),
  templating: z.looseObject({ list: z.array(z.looseObject({ definition: z.string().optional() })) }),
  annotations: z.looseObject({ list: z.array(z.looseObject({ expr: z.string() })) }),
})

const { groups } = Rules.parse(parse(readFileSync('ops/prometheus/alerts.yaml', 'utf8')))
const alerts = groups.flatMap(({ rules }) => rules)
const dashboard = Dashboard.parse(JSON.parse(readFileSync('ops/grafana/trivium.json', 'utf8')))

/** Prometheus itself adds whether a target is up, and where each sample comes from. */
const OWN_METRIC = 'up'
const OWN_LABELS = ['job', 'instance']

const TOKEN = 'an-admin-token'
const ends: (() => Promise<void>)[] = []
let told: Scrape

before(async () => {
  const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: TOKEN }
  const scope = { after: (end: () => Promise<void>) => void ends.push(end) }
  const house = await openHouse(scope, { settings: { server }, team: { alert_at: [0.5] } })
  const messages = [{ role: 'user', content: 'Who wrote Middlemarch?' }]
  await askWhole(house.chatUrl, { body: { model: 'auto', messages, max_completion_tokens: 50 } })
  await askWhole(house.chatUrl, { body: { model: 'auto', messages }, key: 'nobody' })
  told = await eventually(async () => {
    const now = await scrape(house.adminUrl, TOKEN)
    return now.sum('trivium_requests_total') === 2 ? now : undefined
  })
})

after(async () => {
  for (const end of ends) await end()
})

/** The labels its samples have. Undefined for a metric that is not exposed. */
function labelsOf(metric: string): readonly string[] | undefined {
  const samples = told.samples.get(metric)
  if (samples !== undefined) return samples.flatMap(({ labels }) => Object.keys(labels))
  return told.types.has(metric) || told.types.get(familyOf(metric)) === 'histogram' ? [] : undefined
}

function familyOf(metric: string): string {
  return metric.replace(/_(bucket|sum|count)$/, '')
}

function assertTold(where: string, expression: string): void {
  const { metrics, labels } = readPromql(expression)
  const known = [...OWN_LABELS]
  for (const metric of metrics.filter((name) => name !== OWN_METRIC)) {
    const told = labelsOf(metric)
    assert.ok(told !== undefined, `${where} asks for ${metric}, which nobody tells`)
    known.push(...told)
  }
  // A counter that was never incremented has no sample that would show its labels.
  if (metrics.some((metric) => metric !== OWN_METRIC && labelsOf(metric)?.length === 0)) return
  for (const label of labels) {
    assert.ok(known.includes(label), `${where}: none of ${metrics.join(', ')} has a label ${label}`)
  }
}

test('every alert queries metrics and labels that a real scrape has', () => {
  for (const { alert, expr } of alerts) assertTold(alert, expr)
  assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
})

test('an alert’s expression keeps every label its summary uses', () => {
  for (const { alert, expr, annotations } of alerts) {
    const groups = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(', '))
    const kept =
      groups.length > 0
        ? groups
        : [...OWN_LABELS, ...readPromql(expr).metrics.flatMap((each) => labelsOf(each) ?? [])]
    for (const [, label = ''] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
      assert.ok(kept.includes(label), `${alert} has lost its label ${label}`)
    }
  }
})

test('the dashboard queries only metrics and labels that a real scrape has', () => {
  for (const { title, targets = [] } of dashboard.panels) {
    for (const { expr } of targets) assertTold(title, expr)
  }
  for (const { expr } of dashboard.annotations.list) assertTold('an annotation', expr)
  for (const { definition } of dashboard.templating.list) {
    if (definition === undefined) continue
    const [, vector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? []
    assertTold(definition, `count by (${label}) (${vector})`)
  }
})

test('every metric of ours but two is on the dashboard or in an alert', () => {
  const panels = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const asked = [...panels, ...alerts.map(({ expr }) => expr)].join('\n')
  const unasked = [...told.types.keys()].filter(
    (name) => name.startsWith('trivium_') && !asked.includes(name),
  )
  assert.deepEqual(unasked, ['trivium_config_loaded_timestamp_seconds', 'trivium_build_info'].sort())
})

test('docs/observability.md says what to do for exactly these alerts', () => {
  const rows = readFileSync('docs/observability.md', 'utf8').matchAll(
    /^\| `(Trivium\w+)` \| (\w+) \| .{40,} \|$/gm,
  )
  assert.deepEqual(
    [...rows].map(([, alert, severity]) => [alert, severity]),
    alerts.map(({ alert, labels }) => [alert, labels.severity]),
  )
})

test('a histogram’s buckets are cumulative, and the last equals its count', () => {
  for (const [name, type] of told.types) {
    if (type !== 'histogram') continue
    const groups = new Map<string, number[]>()
    for (const { labels, value } of told.samples.get(`${name}_bucket`) ?? []) {
      const { le, ...others } = labels
      assert.ok(le !== undefined)
      const place = JSON.stringify(others)
      groups.set(place, [...(groups.get(place) ?? []), value])
    }
    for (const [place, counts] of groups) {
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => a - b),
        name,
      )
      const own = JSON.parse(place) as Record<string, string>
      assert.equal(counts.at(-1), told.sum(`${name}_count`, own), name)
    }
  }
})

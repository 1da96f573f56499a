import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { METHODS } from '../../src/admin/api/endpoint.ts'
import { openHouse } from '../support/house.ts'

const Operation = z.looseObject({ 'x-role': z.string(), responses: z.looseObject({}) })
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) })

test('docs/admin-api.json matches what is served, and only its public endpoints need no token', async (t) => {
  const { adminUrl } = await openHouse(t)
  const served: unknown = await (await fetch(`${adminUrl}/api/openapi.json`)).json()
  const kept: unknown = JSON.parse(readFileSync('docs/admin-api.json', 'utf8'))
  assert.deepEqual(kept, served, 'write it anew: node test/support/print-admin-api.ts > docs/admin-api.json')
  const { paths } = Document.parse(served)
  assert.ok(Object.keys(paths).length > 20)
  const known = Object.entries(paths).flatMap(([path, operations]) => {
    const shape = new RegExp(`^${adminUrl}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    return Object.keys(operations).map((method) => ({ method: method.toUpperCase(), shape }))
  })
  for (const [path, operations] of Object.entries(paths)) {
    const url = adminUrl + path.replaceAll(/\{\w+\}/g, 'x')
    for (const [method, { 'x-role': role }] of Object.entries(operations)) {
      const { status } = await fetch(url, { method: method.toUpperCase() })
      if (role === 'public') assert.ok(status < 500 && status !== 404, `${method} ${path}: ${status}`)
      else assert.equal(status, 401, `${method} ${path}`)
    }
    for (const method of METHODS) {
      const isKnown = known.some(({ method: other, shape }) => other === method && shape.test(url))
      if (!isKnown) assert.equal((await fetch(url, { method })).status, 404, `${method} ${path}`)
    }
  }
})

test('only probes, metrics and the page are registered outside the table', () => {
  const calls = globSync('src/admin/**/*.ts').flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const found = text.matchAll(
      /\b\w+\.(?:get|post|put|patch|delete|all|head|options|route)\((['`{][^,\n]*)/g,
    )
    return [...found].map(([, first = '']) => first).filter((first) => /^['`]\/|^\{$/.test(first))
  })
  assert.deepEqual(calls.toSorted(), [
    "'/'",
    "'/:name.:ending'",
    "'/assets/:name'",
    "'/healthz'",
    "'/metrics'",
    "'/readyz'",
    '{',
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../../src/config/load.ts'
import { processSettings } from '../../../src/config/process-settings.ts'
import { problemsOf, sample, write } from './sample.ts'

function storeOf(redis: string, more = ''): string {
  return sample(`store: { redis: ${redis}, postgres: "postgres://trivium@db/trivium"${more} }\n`)
}

test('store.redis is one server or a list of cluster nodes', (t) => {
  const meant = [
    ['redis://localhost', 'redis://localhost'],
    ['"redis://[::1]:7000/15"', 'redis://[::1]:7000/15'],
    [
      '"rediss://trivium:p%40ss%2Fword@redis.internal:6380/2"',
      'rediss://trivium:p%40ss%2Fword@redis.internal:6380/2',
    ],
    ['["redis://:pw@a:7000", "redis://:pw@b:7000/0"]', ['redis://:pw@a:7000', 'redis://:pw@b:7000/0']],
  ] as const
  for (const [written, redis] of meant) {
    const { sharedStore } = processSettings(loadConfig(write(t, storeOf(written)), {}))
    assert.deepEqual(sharedStore?.redis, redis)
  }
})

test('an address that would be misread is refused without printing its password', (t) => {
  const refused = [
    ['"http://redis:6379"', /store\.redis: expected an address such as redis:\/\/localhost:6379, or a list/],
    ['"redis+sentinel://:pw@a,b/mymaster"', /store\.redis: expected an address such as/],
    ['"redis://:pw@a:1,b:2"', /store\.redis: expected an address such as/],
    ['"redis:///0"', /store\.redis: expected an address such as/],
    ['"redis://:pw@localhost/trivium"', /store\.redis: only a database number, such as /],
    ['"redis://:pw@localhost?db=2"', /store\.redis: must not contain \? or #/],
    ['"redis://:pw%zz@localhost"', /store\.redis: invalid percent-encoding in user or password/],
    ['[]', /store\.redis: expected at least 1 entry/],
    ['["redis://:pw@a", "redis://:pw@b/1"]', /store\.redis: a cluster has only one database/],
    [
      '["redis://:pw@a", "redis://:other@b"]',
      /store\.redis: all nodes of a cluster must have the same protocol, user/,
    ],
    ['["redis://:pw@a", "b:6379"]', /store\.redis: expected an address such as/],
  ] as const
  for (const [redis, message] of refused) {
    const problems = problemsOf(() => loadConfig(write(t, storeOf(redis)), {}))
    assert.match(problems.join('\n'), message)
    assert.doesNotMatch(problems.join('\n'), /pw|other/)
  }
})

test('money cannot be set to a local share on store failure', (t) => {
  const config = storeOf('redis://localhost', ', on_store_failure: { money: allow_within_local_share }')
  const [problem = ''] = problemsOf(() => loadConfig(write(t, config), {}))
  assert.match(problem, /^7: store\.on_store_failure\.money: must be refuse: .*ADR 12\)$/)
  const declared = storeOf('redis://localhost', ', on_store_failure: { money: refuse }')
  assert.ok(processSettings(loadConfig(write(t, declared), {})).sharedStore)
})

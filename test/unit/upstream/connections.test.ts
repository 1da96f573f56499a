import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../src/base/clock.ts'
import type { Failure } from '../../../src/base/failure.ts'
import { Connections } from '../../../src/upstream/connections.ts'
import { startWritten } from '../../support/written-upstream.ts'

const LONG_MS = 5_000

// A file that was being read when the program was told to stop held it up until the read had timed out.
test('closing breaks off what is still being read, since nobody waits for it any more', async (t) => {
  const upstream = await startWritten(t, (response) => void response.writeHead(200).write('the beginning'))
  const connections = new Connections(systemClock)
  const settings = {
    name: 'openai',
    baseUrl: upstream.baseUrl,
    apiKey: undefined,
    kind: 'openai',
    apiVersion: undefined,
    deployments: {},
    timeouts: { connect: LONG_MS, firstByte: LONG_MS, idle: LONG_MS, total: LONG_MS },
    retries: 0,
  } as const
  const attempt = connections.follow([settings]).get('openai')?.start({
    method: 'GET',
    path: '/files/1/content',
    headers: {},
    body: null,
    model: '',
    bearer: undefined,
  })
  const reply = await attempt?.reply
  const broken = new Promise<Failure | undefined>((resolve) => {
    reply?.read({ data: () => undefined, end: () => resolve(undefined), broken: resolve })
  })
  await connections.close()
  assert.equal((await broken)?.code, 'upstream_broken')
})

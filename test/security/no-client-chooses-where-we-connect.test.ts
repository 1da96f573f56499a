import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'
import { speak } from './raw.ts'

/** An internal address that must not be reachable through the proxy, and the requests it received. */
async function startInside(t: TestContext) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end('the secrets of this machine')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return { host: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, asked }
}

test('no request line, host or forwarding header decides where the proxy connects', async (t) => {
  const inside = await startInside(t)
  const house = await openHouse(t, { team: { endpoints: [...ENDPOINTS] } })
  const key = 'authorization: Bearer sk-test\r\nconnection: close\r\n'
  const places = [
    `GET http://${inside.host}/latest/meta-data HTTP/1.1\r\nhost: x\r\n`,
    `GET //${inside.host}/latest HTTP/1.1\r\nhost: x\r\n`,
    `GET /v1//${inside.host}/latest HTTP/1.1\r\nhost: x\r\n`,
    `GET /v1/@${inside.host}/latest HTTP/1.1\r\nhost: x\r\n`,
    `GET /v1/..//../${inside.host}/latest HTTP/1.1\r\nhost: x\r\n`,
    `GET /v1/files HTTP/1.1\r\nhost: ${inside.host}\r\n`,
    `GET /v1/files HTTP/1.1\r\nhost: x\r\nx-forwarded-host: ${inside.host}\r\nforwarded: host=${inside.host}\r\n`,
    `GET /openai/deployments/${encodeURIComponent(`http://${inside.host}`)}/x HTTP/1.1\r\nhost: x\r\n`,
  ]
  for (const place of places) await speak(t, house.chatUrl, `${place}${key}\r\n`, { end: false })
  await speak(t, house.chatUrl, `CONNECT ${inside.host} HTTP/1.1\r\nhost: ${inside.host}\r\n${key}\r\n`)
  for (const model of [`http://${inside.host}`, `trivium/pin:http://${inside.host}/v1`]) {
    await askWhole(house.chatUrl, { body: { ...chatBody(), model } })
  }
  assert.deepEqual(inside.asked, [])
})

test('the proxy does not follow an upstream’s redirects', async (t) => {
  const inside = await startInside(t)
  const upstream = await startWritten(t, (response) => {
    response.writeHead(307, { location: `http://${inside.host}/latest` }).end()
  })
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl, retries: 0 },
    team: { endpoints: [...ENDPOINTS] },
  })
  await askWhole(house.chatUrl, { body: chatBody() })
  await askWhole(`${house.baseUrl}/files`, { method: 'GET' })
  assert.ok(upstream.count > 0)
  assert.deepEqual(inside.asked, [])
})

test('a reload accepts only http and https addresses and otherwise keeps the old configuration', async (t) => {
  const house = await openHouse(t)
  for (const url of [
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'data:text/plain,x',
    'unix:/run/x.sock',
    '//x/v1',
  ]) {
    house.rewrite({ upstream: { base_url: url } })
    await house.reload()
    assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200, `${url} was taken over`)
    const { checks } = JSON.parse(await (await fetch(`${house.adminUrl}/readyz`)).text())
    assert.match(checks.configuration, /refused: .*base_url/)
  }
})

test('the configuration cannot include anything from a URL', async (t) => {
  const inside = await startInside(t)
  const house = await openHouse(t)
  for (const yaml of [
    `classifier: { rules: 'http://${inside.host}/rules.yaml' }`,
    `<<: !include http://${inside.host}/x.yaml`,
    `preset: http://${inside.host}/x`,
  ]) {
    writeFileSync(house.config, yaml)
    await house.reload()
    assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
  }
  assert.deepEqual(inside.asked, [])
})

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { KEY, openHouse } from '../support/house.ts'

// Twenty-five connections without a key used to take 460 MB, each with 19.5 MB of a body whose last byte never came.
test('a large body is not read before its key has been checked', async (t) => {
  const house = await openHouse(t)
  const { hostname, port } = new URL(house.chatUrl)
  const send = (key: string) => {
    const socket = connect(Number(port), hostname)
    t.after(() => socket.destroy())
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-length: 10000000\r\n\r\n{`,
    )
    return () => answer
  }
  const unknown = send('sk-nobody')
  const known = send(KEY)
  await eventually(() => (unknown().includes('invalid_api_key') ? true : undefined))
  assert.match(unknown(), /^HTTP\/1\.1 401 .*connection: close/is)
  assert.equal(known(), '', 'a known key may go on sending')
})

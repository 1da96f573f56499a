import { createServer } from 'node:http'
import { Pool } from 'undici'
import { Passage, passedOn } from './passage.ts'

/**
 * The reference: node's HTTP server in front of undici's dispatch, passing bytes both ways with backpressure,
 * and nothing else. Usage: `node bare.ts UPSTREAM_URL`.
 */
const pool = new Pool(process.argv[2] ?? '', { allowH2: false, headersTimeout: 0, bodyTimeout: 0 })

const server = createServer({ keepAliveTimeout: 72_000 }, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const [first] = chunks
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
    const headers = passedOn(request.rawHeaders)
    pool.dispatch({ path: request.url ?? '/', method: 'POST', headers, body }, new Passage(response))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`)
})
process.once('SIGTERM', () => process.exit(0))

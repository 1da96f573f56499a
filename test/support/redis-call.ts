import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * Runs one command over its own connection, in RESP; returns the raw reply without its type and line ending.
 */
export async function redisCall(port: number, words: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    const command = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')
    socket.write(`*${words.length}\r\n${command}`)
    const [answer] = await once(socket.setEncoding('utf8'), 'data')
    const text = String(answer)
    if (text.startsWith('-')) throw new Error(text.trim())
    return text.startsWith('$') ? text.slice(text.indexOf('\r\n') + 2).trimEnd() : text.slice(1).trimEnd()
  } finally {
    socket.destroy()
  }
}

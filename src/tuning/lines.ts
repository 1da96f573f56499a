import { StringDecoder } from 'node:string_decoder'

const BYTE_ORDER_MARK = '\ufeff'

/**
 * Lines of a stream of UTF-8 bytes, without line feeds and byte order mark. Only a line feed ends a line:
 * `node:readline` also splits at U+2028, which JSON text may contain unescaped.
 */
export async function* linesOf(bytes: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let begun = false
  for await (const chunk of bytes) {
    const lines = (typeof chunk === 'string' ? chunk : decoder.write(chunk)).split('\n')
    lines[0] = rest + (lines[0] ?? '')
    if (!begun && lines[0] !== '') {
      begun = true
      if (lines[0].startsWith(BYTE_ORDER_MARK)) lines[0] = lines[0].slice(1)
    }
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.end()
  if (rest !== '') yield rest
}

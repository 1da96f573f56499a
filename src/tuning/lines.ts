import { StringDecoder } from 'node:string_decoder'

/**
 * Lines of a stream of UTF-8 bytes, without their line feeds. Only a line feed ends a line: `node:readline` also
 * splits at U+2028, which JSON text may hold as it is.
 */
export async function* linesOf(bytes: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of bytes) {
    const lines = (typeof chunk === 'string' ? chunk : decoder.write(chunk)).split('\n')
    lines[0] = rest + (lines[0] ?? '')
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.end()
  if (rest !== '') yield rest
}

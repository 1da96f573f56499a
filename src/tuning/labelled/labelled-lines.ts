import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { z } from 'zod'
import { linesOf } from '../lines.ts'

/** A file that cannot be read as labelled prompts or turns; the message names file and line. */
export class LabelledPromptError extends Error {
  override readonly name = 'LabelledPromptError'
}

/** Reads one JSON object per line, gunzipped if the name ends in `.gz`. Throws a `LabelledPromptError`. */
export async function readLabelledLines<T>(schema: z.ZodType<T>, file: string): Promise<T[]> {
  const read: T[] = []
  let number = 0
  try {
    for await (const line of linesOf(bytesOf(file))) {
      number += 1
      if (line.trim() !== '') read.push(lineOf(schema, line, `${file}:${number}`))
    }
  } catch (error) {
    if (error instanceof LabelledPromptError) throw error
    throw new LabelledPromptError(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (read.length === 0) throw new LabelledPromptError(`${file}: contains no prompts`)
  return read
}

function lineOf<T>(schema: z.ZodType<T>, line: string, where: string): T {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new LabelledPromptError(`${where}: is not JSON`)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LabelledPromptError(
    `${where}: ${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'is wrong'}`,
  )
}

function bytesOf(file: string): AsyncIterable<Buffer> {
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes
  const gunzip = createGunzip()
  // `pipe` does not forward errors, and `for await` only sees those of the last stream.
  bytes.on('error', (error) => gunzip.destroy(error))
  return bytes.pipe(gunzip)
}

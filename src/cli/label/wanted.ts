import { z } from 'zod'
import { isPromptClass, PROMPT_CLASSES } from '../../base/prompt-class.ts'
import { suggest } from '../../config/file/nearest.ts'
import type { Labelling, Said } from '../../ledger/label-book.ts'
import { linesOf } from '../../tuning/lines.ts'
import { type Io, UsageError } from '../command.ts'

/** A request, and the label it should have from now on. */
export type Wanted = Pick<Labelling, 'id' | 'label'>

const CLASSES: readonly string[] = [...PROMPT_CLASSES, 'none']

/** Reads `ID CLASS`. Throws a `UsageError`. */
export function wantedOf([id, text, more]: readonly string[]): Wanted {
  if (id === undefined) throw noId()
  if (more !== undefined) throw new UsageError(`expected nothing after ${text}`)
  if (text === undefined) throw new UsageError(`expected a class after ${id}: ${CLASSES.join(', ')}`)
  return { id, label: saidOf(text, '') }
}

/** Reads the `ID` whose label is undone. Throws a `UsageError`. */
export function undoWanted([id, more]: readonly string[]): Wanted {
  if (id === undefined) throw noId()
  if (more !== undefined) throw new UsageError(`expected nothing after ${id}`)
  return { id, label: 'undo' }
}

function noId(): UsageError {
  return new UsageError('expected the ID of a request and its class; see --help')
}

const Line = z.looseObject({ id: z.string(), label: z.string().nullable() })

/** Reads one `{"id", "label"}` per line, all of them. Throws a `UsageError` that names the line. */
export async function linesWanted(
  positionals: readonly string[],
  stdin: Io['stdin'],
): Promise<readonly Wanted[]> {
  if (positionals.length > 0) throw new UsageError('--jsonl reads standard input and takes no other argument')
  const wanted: Wanted[] = []
  let number = 0
  for await (const line of linesOf(stdin)) {
    number += 1
    if (line.trim() !== '') wanted.push(wantedIn(line, `standard input:${number}: `))
  }
  return wanted
}

function wantedIn(line: string, where: string): Wanted {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new UsageError(`${where}is not JSON`)
  }
  const parsed = Line.safeParse(json)
  if (!parsed.success) throw new UsageError(`${where}needs "id" and "label"`)
  return { id: parsed.data.id, label: saidOf(parsed.data.label ?? 'none', where) }
}

function saidOf(text: string, where: string): Said {
  if (isPromptClass(text) || text === 'none') return text
  throw new UsageError(
    `${where}unknown class "${text}"${suggest(text, CLASSES)}; expected ${CLASSES.join(', ')}`,
  )
}

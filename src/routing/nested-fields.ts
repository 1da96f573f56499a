import { type Edit, elementsOf, type Member } from '../base/json-span.ts'
import type { Target } from '../base/target.ts'
import { ObjectEdits } from './object-edits.ts'
import { note } from './rewriting.ts'

/** Marks where a prompt's cache may end; occurs in turns, their content parts and tools. */
const BREAKPOINT = 'prompt_cache_breakpoint'
const BREAKPOINT_BYTES = Buffer.from(BREAKPOINT)

/** The lists that contain marked objects, in either dialect, and the lists within those objects. */
const MARKED_LISTS = ['messages', 'input', 'tools'] as const
const MARKED_PARTS = ['content', 'output'] as const

interface Marked {
  readonly body: Buffer
  readonly target: Target
}

/**
 * Removes the marks within turns and tools for a target that refuses the field. One search of the bytes shows
 * that nearly all bodies have none. A list that is left out itself needs no edits.
 */
export function dropBreakpoints(
  { body, target }: Marked,
  root: ObjectEdits,
  inner: Edit[],
  changes: string[],
): void {
  if (!target.refuses.includes(BREAKPOINT) || body.indexOf(BREAKPOINT_BYTES) === -1) return
  const before = inner.length
  for (const name of MARKED_LISTS) {
    if (!target.refuses.includes(name)) dropWithin(body, root.last(name), MARKED_PARTS, inner)
  }
  if (inner.length > before) note(changes, `-${BREAKPOINT}`)
}

/** From every object in a list, and from those in its lists of these names; no deeper. */
function dropWithin(body: Buffer, list: Member | undefined, parts: readonly string[], inner: Edit[]): void {
  if (list === undefined || body[list.start] !== OPEN_BRACKET) return
  for (const { start } of elementsOf(body, list.start)) {
    if (body[start] !== OPEN_BRACE) continue
    const element = new ObjectEdits(body, start)
    if (element.last(BREAKPOINT) !== undefined) {
      element.drop(BREAKPOINT)
      inner.push(...element.edits())
    }
    for (const name of parts) dropWithin(body, element.last(name), [], inner)
  }
}

const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b

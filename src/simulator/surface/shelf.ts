import { z } from 'zod'
import { type Answer, type Ask, bodyOf, checked, json, newId, notFound, type Operation } from './answer.ts'

export type Stored = Readonly<Record<string, unknown>> & { readonly id: string; readonly object: string }

/** Everything clients have stored, by path: `/files/file-abc`, `/threads/thread_1/messages/msg_2`. */
export class Shelf {
  readonly #objects = new Map<string, Stored>()
  readonly #contents = new Map<string, Buffer>()

  put(path: string, stored: Stored): Stored {
    this.#objects.set(path, stored)
    return stored
  }

  get(path: string): Stored | undefined {
    return this.#objects.get(path)
  }

  remove(path: string): boolean {
    return this.#objects.delete(path)
  }

  /** The objects directly below a path, oldest first. */
  below(path: string): readonly Stored[] {
    const direct = [...this.#objects].filter(
      ([key]) => key.startsWith(`${path}/`) && !key.slice(path.length + 1).includes('/'),
    )
    return direct.map(([, stored]) => stored)
  }

  keep(id: string, bytes: Buffer): void {
    this.#contents.set(id, bytes)
  }

  contentOf(id: string): Buffer | undefined {
    return this.#contents.get(id)
  }

  clear(): void {
    this.#objects.clear()
    this.#contents.clear()
  }
}

/** A kind of object with the usual operations: create, list, retrieve, modify and delete. */
export interface Kind {
  /** The path of its collection: `/threads/{thread_id}/messages`. */
  readonly path: string
  readonly object: string
  readonly prefix: string
  readonly create: z.ZodType<object>
  readonly update?: z.ZodType<object>
  /** Fields of a new object in addition to those sent. */
  readonly made?: (ask: Ask) => object
  /** The `object` value of a deletion's response; absent if the kind cannot be deleted. */
  readonly deleted?: string
}

const Paging = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  after: z.string().optional(),
  before: z.string().optional(),
  filter: z.string().optional(),
  purpose: z.string().optional(),
  name: z.string().optional(),
  status: z.string().optional(),
  run_id: z.string().optional(),
  order_by: z.string().optional(),
  'include[]': z.string().optional(),
  'metadata[k]': z.string().optional(),
})

/** The operations of a kind. */
export function operationsOf(kind: Kind): readonly Operation[] {
  const one = `${kind.path}/{id}`
  const operations: Operation[] = [
    { method: 'POST', path: kind.path, answer: (ask) => create(ask, kind, bodyOf(ask, kind.create)) },
    { method: 'GET', path: kind.path, answer: (ask) => list(ask, kind) },
    { method: 'GET', path: one, answer: (ask) => json(found(ask, kind)) },
  ]
  const { update, deleted } = kind
  if (update !== undefined) {
    operations.push({
      method: 'POST',
      path: one,
      answer: (ask) => json(change(ask, kind, bodyOf(ask, update))),
    })
  }
  if (deleted !== undefined) {
    operations.push({ method: 'DELETE', path: one, answer: (ask) => remove(ask, kind, deleted) })
  }
  return operations
}

/** Stores what was sent under a new id and answers with it. */
export function create(ask: Ask, kind: Kind, sent: object): Answer {
  const id = newId(ask, kind.prefix)
  const path = `${placeOf(ask, kind)}/${id}`
  const stored = { id, object: kind.object, created_at: ask.now, ...sent, ...kind.made?.(ask) }
  return json(ask.shelf.put(path, stored))
}

/** The object the path names; throws if there is none. */
export function found(ask: Ask, kind: Kind): Stored {
  const { id = '' } = ask.params
  const stored = ask.shelf.get(`${placeOf(ask, kind)}/${id}`)
  if (stored === undefined) throw notFound(kind.object, id)
  return stored
}

/** Changes the object the path names; throws if there is none. */
export function change(ask: Ask, kind: Kind, changes: object): Stored {
  const before = found(ask, kind)
  return ask.shelf.put(`${placeOf(ask, kind)}/${before.id}`, { ...before, ...changes })
}

function list(ask: Ask, kind: Kind): Answer {
  const { order, after, limit = 20 } = checked(Paging, Object.fromEntries(ask.query))
  const oldestFirst = ask.shelf.below(placeOf(ask, kind))
  const ordered = order === 'asc' ? oldestFirst : oldestFirst.toReversed()
  const rest = ordered.slice(ordered.findIndex(({ id }) => id === after) + 1)
  const data = rest.slice(0, limit)
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
  return json({ object: 'list', data, ...ends, has_more: rest.length > limit })
}

function remove(ask: Ask, kind: Kind, object: string): Answer {
  const { id } = found(ask, kind)
  ask.shelf.remove(`${placeOf(ask, kind)}/${id}`)
  return json({ id, object, deleted: true })
}

/** The collection's path with its placeholders filled in. */
function placeOf({ params }: Ask, { path }: Kind): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')
}

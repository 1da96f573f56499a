import { z } from 'zod'
import { rootOf, splice } from '../base/json-span.ts'
import { ObjectEdits } from './object-edits.ts'
import { listOf, readBody } from './request-body.ts'
import { Item, requireItemsOnce } from './responses-request.ts'
import { leaningOf } from './responses-state.ts'
import { onceEach } from './rewriting.ts'

const ItemsRequest = z.object({ items: listOf(Item).nullish() })
const READ_FIELDS: ReadonlySet<string> = new Set(Object.keys(ItemsRequest.shape))

export interface ConversationItems {
  /** What its upstream is to read: the same bytes where nothing was said twice. */
  readonly body: Buffer
  /** What was left out, for `x-trivium-adapted`. */
  readonly changes: readonly string[]
  /** Ids of what the items stand for, and names of what is sealed in them. */
  readonly leansOn: readonly string[]
}

/**
 * Reads what is put into a conversation for what it takes from elsewhere. Throws as `readBody` does, and
 * `invalid_request` for an item that could be read as another one.
 */
export function readConversationItems(plain: Buffer): ConversationItems {
  const { items } = readBody(ItemsRequest, plain)
  const root = new ObjectEdits(plain, rootOf(plain))
  const changes = onceEach(root, READ_FIELDS)
  const list = root.last('items')
  if (items && list !== undefined) requireItemsOnce(plain, list.start, 'items')
  return { body: splice(plain, root.edits()), changes, leansOn: leaningOf(items ?? []).ids }
}

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
  /** What the upstream is to read: the same bytes if nothing was repeated. */
  readonly body: Buffer
  /** What was removed, for `x-trivium-adapted`. */
  readonly changes: readonly string[]
  /** Ids of what the items refer to, and digests of their encrypted content. */
  readonly leansOn: readonly string[]
}

/**
 * Reads the items to be added to a conversation for what they refer to elsewhere. Throws whatever `readBody`
 * throws, and `invalid_request` for an ambiguous item.
 */
export function readConversationItems(plain: Buffer): ConversationItems {
  const { items } = readBody(ItemsRequest, plain)
  const root = new ObjectEdits(plain, rootOf(plain))
  const changes = onceEach(root, READ_FIELDS)
  const list = root.last('items')
  if (items && list !== undefined) requireItemsOnce(plain, list.start, 'items')
  return { body: splice(plain, root.edits()), changes, leansOn: leaningOf(items ?? []).ids }
}

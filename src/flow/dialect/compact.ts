import { rootOf, splice } from '../../base/json-span.ts'
import type { Adapted } from '../../routing/adapt.ts'
import { ObjectEdits } from '../../routing/object-edits.ts'
import type { ResponsesNeeds } from '../../routing/responses-needs.ts'
import { READ_FIELDS } from '../../routing/responses-request.ts'
import type { State } from '../../routing/responses-state.ts'
import { onceEach } from '../../routing/rewriting.ts'
import type { Dialect, Terms } from './dialect.ts'
import { RoutedResponse, responsesDialect } from './responses.ts'

/**
 * `POST /v1/responses/compact`: shortens a conversation for the model that continues it. Read like a
 * response, but it never leaves that model and takes no cap, so it is held for the model's full output.
 */
export const compactDialect: Dialect = {
  ...responsesDialect,
  path: '/responses/compact',
  leastCap: undefined,
  read: (body) => new RoutedCompaction(body),
}

class RoutedCompaction extends RoutedResponse {
  override get state(): State {
    return super.state ?? { ids: [], previous: undefined, unseen: false }
  }

  /** A cap that a client sends all the same is its upstream's to read, and bounds nothing here. */
  override get needs(): ResponsesNeeds {
    return { ...super.needs, cap: undefined }
  }

  override adapt({ target, outputCap }: Terms): Adapted {
    const root = new ObjectEdits(this.body, rootOf(this.body))
    const changes = onceEach(root, READ_FIELDS)
    if (this.model !== target.sentModel) root.set('model', JSON.stringify(target.sentModel))
    return { body: splice(this.body, root.edits()), changes, outputCap }
  }
}

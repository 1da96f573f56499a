import { Readable } from 'node:stream'
import { z } from 'zod'
import { ROW_FORMATS, type RowFormat } from '../../ledger/row-text.ts'
import type { Cursor, LedgerViews, ListFilter } from '../../ledger/views.ts'
import { type Endpoint, endpoint, Streamed } from './endpoint.ts'
import { FILTERS, filterOf, TIMES } from './list-query.ts'
import type { RequestParts } from './request-endpoints.ts'
import { fromViews } from './view-refusal.ts'

const TYPES: Readonly<Record<RowFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
}

/** Streams all rows that match a filter, oldest first, with backpressure: memory stays flat. */
export function exportEndpoint({ views, now }: RequestParts): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/export',
    role: 'viewer',
    summary:
      'Export requests as NDJSON or CSV, one row each, oldest first, in the format of `trivium export`.',
    query: z.strictObject({ format: z.enum(ROW_FORMATS).default('ndjson'), ...FILTERS, ...TIMES }),
    answer: { types: Object.values(TYPES) },
    async run({ query: { format, ...query }, respondWith }) {
      // Ends at the present, so that an export terminates while requests keep coming.
      const filter = { ...filterOf(query), until: query.until ?? now() }
      const first = await fromViews(views.export(filter, format))
      respondWith('content-disposition', `attachment; filename="requests.${format}"`)
      return new Streamed(TYPES[format], Readable.from(partsFrom(views, filter, format, first)))
    },
  })
}

async function* partsFrom(
  views: LedgerViews,
  filter: ListFilter,
  format: RowFormat,
  first: { readonly text: string; readonly next: Cursor | undefined },
): AsyncGenerator<string> {
  let part = first
  for (;;) {
    if (part.text !== '') yield part.text
    if (part.next === undefined) return
    part = await views.export(filter, format, part.next)
  }
}

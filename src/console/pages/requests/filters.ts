import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import type { Query } from '../../api/client.ts'

/** Names in the URL and in the API; `since` is a number of hours back. */
export const FILTERS = [
  'text',
  'team',
  'key',
  'class',
  'cause',
  'confidence_min',
  'confidence_max',
  'model',
  'outcome',
  'endpoint',
  'label',
  'since',
] as const
export type FilterName = (typeof FILTERS)[number]
export type Filters = Readonly<Partial<Record<FilterName, string>>>

interface FilterState {
  readonly filters: Filters
  /** Empty or null removes the filter. */
  set(name: FilterName, value: string | null): void
  clear(): void
}

/** The active filters. They are kept in the URL, so that a link shows what its sender saw. */
export function useFilters(): FilterState {
  const [search, setSearch] = useSearchParams()
  const text = search.toString()
  const filters = useMemo(() => readFrom(new URLSearchParams(text)), [text])
  return {
    filters,
    set: (name, value) =>
      setSearch(
        (before) => {
          if (value === null || value === '') before.delete(name)
          else before.set(name, value)
          return before
        },
        { replace: true },
      ),
    clear: () =>
      setSearch((before) => {
        for (const name of FILTERS) before.delete(name)
        return before
      }),
  }
}

function readFrom(search: URLSearchParams): Filters {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = search.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

const HOUR_MS = 3_600_000

/** The API query, with a timestamp in place of hours back. */
export function queryOf({ since, ...filters }: Filters, now: number): Query {
  const hours = Number(since)
  if (since === undefined || !(hours > 0)) return filters
  return { ...filters, since: new Date(now - hours * HOUR_MS).toISOString() }
}

import assert from 'node:assert/strict'
import parse from 'parse-prometheus-text-format'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A scrape of `/metrics`, parsed as a Prometheus client would. */
export interface Scrape {
  readonly text: string
  /** `counter`, `gauge`, `histogram` and so on, by family name. */
  readonly types: ReadonlyMap<string, string>
  /** Every sample by name; for histograms `…_bucket`, `…_sum` and `…_count`. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>
  /** The sum of all samples of this name that have these labels. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number
}

/** Scrapes, without a token if none is given. Fails on anything the parser does not understand. */
export async function scrape(adminUrl: string, token?: string): Promise<Scrape> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${adminUrl}/metrics`, { headers })
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  return readScrape(await answer.text())
}

function readScrape(text: string): Scrape {
  const types = new Map(parse(text).map(({ name, type }) => [name, type.toLowerCase()]))
  // The parser merges a histogram's label sets into one. Without their types, it parses the lines
  // individually.
  const plain = parse(text.replaceAll(/^# (TYPE .* histogram|HELP .*)\n/gm, ''))
  const samples = new Map<string, Sample[]>()
  for (const { name, metrics } of plain) {
    for (const { labels = {}, value } of metrics) {
      samples.set(name, [...(samples.get(name) ?? []), { labels, value: numberOf(name, value) }])
    }
  }
  const sum: Scrape['sum'] = (name, labels = {}) =>
    (samples.get(name) ?? [])
      .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
      .reduce((total, { value }) => total + value, 0)
  return { text, types, samples, sum }
}

/**
 * Node reports no event loop delay if nothing was measured since the last scrape: the value is `Nan`, which
 * Prometheus accepts.
 */
function numberOf(name: string, value: string | undefined): number {
  assert.match(value ?? '', /^(-?[\d.]+(e[+-]?\d+)?|\+Inf|nan)$/i, name)
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
}

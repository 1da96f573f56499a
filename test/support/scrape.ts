import assert from 'node:assert/strict'
import parse from 'parse-prometheus-text-format'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A scrape of `/metrics`, as a Prometheus client's own parser reads it. */
export interface Scrape {
  readonly text: string
  /** `counter`, `gauge`, `histogram` and so on, by name of the family. */
  readonly types: ReadonlyMap<string, string>
  /** Every sample by its name: of histograms `…_bucket`, `…_sum` and `…_count`. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>
  /** The sum of all samples of this name that have these labels. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number
}

/** Scrapes, without a token where none is given. Fails on what the parser does not understand. */
export async function scrape(adminUrl: string, token?: string): Promise<Scrape> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${adminUrl}/metrics`, { headers })
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  return readScrape(await answer.text())
}

function readScrape(text: string): Scrape {
  const types = new Map(parse(text).map(({ name, type }) => [name, type.toLowerCase()]))
  // The parser folds a histogram's label sets into one: without their types its lines are read one by one.
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

/** Node tells no event-loop delay where nothing was measured since the last scrape: that is `Nan`, and Prometheus takes it. */
function numberOf(name: string, value: string | undefined): number {
  assert.match(value ?? '', /^(-?[\d.]+(e[+-]?\d+)?|\+Inf|nan)$/i, name)
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
}

import assert from 'node:assert/strict'
import { parser } from '@prometheus-io/lezer-promql'

/** What an expression queries. */
export interface Asked {
  readonly metrics: readonly string[]
  /** Used in matchers and in `by`. */
  readonly labels: readonly string[]
}

/**
 * Parses an expression with Prometheus' own grammar, after substituting Grafana's variables. Fails on invalid
 * PromQL.
 */
export function readPromql(written: string): Asked {
  const expression = written
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range', '6h')
    .replaceAll(/\$\w+/g, '.*')
  const metrics: string[] = []
  const labels: string[] = []
  parser.parse(expression).iterate({
    enter({ name, type, from, to, node }) {
      const text = expression.slice(from, to)
      assert.ok(!type.isError, `no PromQL at ${from}: ${written}`)
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.push(text)
      if (name === 'LabelName') labels.push(text)
    },
  })
  assert.ok(metrics.length > 0, written)
  return { metrics, labels }
}

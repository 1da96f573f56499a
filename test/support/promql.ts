import assert from 'node:assert/strict'
import { parser } from '@prometheus-io/lezer-promql'

/** What an expression asks of a Prometheus. */
export interface Asked {
  readonly metrics: readonly string[]
  /** Of matchers and of `by`. */
  readonly labels: readonly string[]
}

/** Reads an expression with Prometheus' own grammar, Grafana's variables filled in. Fails on what is no PromQL. */
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

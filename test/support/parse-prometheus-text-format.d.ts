declare module 'parse-prometheus-text-format' {
  /** A port of the parser in Prometheus' own Python client. */
  export default function parse(text: string): readonly {
    readonly name: string
    readonly help: string
    readonly type: string
    readonly metrics: readonly {
      readonly value?: string
      readonly labels?: Readonly<Record<string, string>>
    }[]
  }[]
}

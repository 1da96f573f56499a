import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { candidates } from '../../src/cli/candidates.ts'
import type { Command, ExitCode } from '../../src/cli/command.ts'
import { capture } from '../unit/cli/capture.ts'

/** A command's exit code and its output. */
export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

export async function run(command: Command, args: readonly string[]): Promise<Ran> {
  const io = capture()
  const code = await command.run(args, io)
  return { code, out: io.out(), err: io.err() }
}

/** The shipped rules plus one that assigns text matching `pattern` to this class. */
export function rulesDeciding(pattern: string, promptClass: string): string {
  const rule = `  - id: of-the-test
    class: ${promptClass}
    weight: 8
    decide: true
    reason: Decides in a test.
    languages: [any]
    patterns: ['${pattern}']
    example: a
    counter_example: b
`
  return readFileSync('config/rules.yaml', 'utf8').replace(/^rules:\n/m, `rules:\n${rule}`)
}

/** Makes a candidate from the shipped rules plus one, in a configuration's folder; returns its version. */
export async function addCandidate(config: string, pattern: string, promptClass: string): Promise<string> {
  const file = join(config, '..', 'candidate-rules.yaml')
  writeFileSync(file, rulesDeciding(pattern, promptClass))
  const { out } = await run(candidates, ['add', '--rules', file, '--config', config, '--json'])
  const version = /"version":"([0-9a-f]{12})"/.exec(out)?.[1]
  if (version === undefined) throw new Error(`no candidate was made: ${out}`)
  return version
}

import { cpSync, globSync, mkdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A line of a Dockerfile, continuation lines joined, with its stage. */
export interface Instruction {
  readonly stage: string
  readonly name: string
  readonly rest: string
}

export function readDockerfile(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  let stage = ''
  let count = 0
  return lines.map((line) => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    if (name === 'FROM') stage = / AS (\S+)$/i.exec(rest)?.[1] ?? String(count++)
    return { stage, name, rest }
  })
}

/** The variables the last stage sets; none has a blank in its value. */
export function environmentOf(instructions: readonly Instruction[]): Readonly<Record<string, string>> {
  const stage = instructions.at(-1)?.stage
  const settings = instructions.filter((each) => each.stage === stage && each.name === 'ENV')
  const pairs = settings.flatMap(({ rest }) => rest.split(' ')).map((pair) => pair.split(/=(.*)/, 2))
  return Object.fromEntries(pairs)
}

/** The parts of a `COPY`, in either form this file uses. */
export function readCopy({ rest }: Instruction) {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(rest) ?? []
  const words = paths.split(' ')
  return { from, sources: words.slice(0, -1), to: words.at(-1) ?? '' }
}

/** The words of a `CMD`, an `ENTRYPOINT` or a health check, written as JSON. */
export function readWords(rest: string): readonly string[] {
  const words: unknown = JSON.parse(rest.slice(rest.indexOf('[')))
  if (!Array.isArray(words)) throw new Error(`not a list of words: ${rest}`)
  return words.map(String)
}

/** Runs one step in a folder. */
type RunStep = (command: string, folder: string) => void

/**
 * Runs the steps of a Dockerfile without Docker: each stage has a folder below `root`, in which its working
 * directory is `app`. `context` is what would be sent to the builder. Gives the folder of the last stage's
 * working directory.
 */
export function runSteps(
  instructions: readonly Instruction[],
  context: string,
  root: string,
  run: RunStep,
): string {
  let folder = root
  for (const instruction of instructions) {
    const { stage, name, rest } = instruction
    folder = join(root, stage, 'app')
    if (name === 'FROM') mkdirSync(folder, { recursive: true })
    if (name === 'RUN') run(rest, folder)
    if (name !== 'COPY') continue
    const { from, sources, to } = readCopy(instruction)
    for (const source of sources) {
      const start = from === undefined ? join(context, source) : join(root, from, source)
      for (const path of globSync(start)) {
        // Docker copies the contents of a folder, but a file as itself.
        const target = statSync(path).isDirectory() ? join(folder, to) : join(folder, to, basename(path))
        cpSync(path, target, { recursive: true })
      }
    }
  }
  return folder
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { ConfigError } from '../../../src/config/file/config-error.ts'
import type { Runtime } from '../../../src/flow/runtime.ts'

/** The shortest configuration that runs, with the YAML in `more` appended. */
export function sample(more = ''): string {
  return `upstreams:
  openai: { base_url: "http://127.0.0.1:9/v1", api_key: secret }
routes:
  stem_reasoning: [o1-mini, gpt-4o]
  factual_recall: [gpt-4o-mini]
  language_heavy: [gpt-4o]
${more}`
}

/** A temporary directory for one test. */
export function directory(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'trivium-config-'))
  t.after(() => rmSync(made, { recursive: true }))
  return made
}

/** Writes a configuration file for one test and returns its path. */
export function write(t: TestContext, text: string): string {
  const file = join(directory(t), 'trivium.yaml')
  writeFileSync(file, text)
  return file
}

/** The problems that `read` throws, each as `line: path: message`. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map(({ line, path, message }) => `${line ?? '-'}: ${path}: ${message}`)
    }
    throw error
  }
  return []
}

/** A stub: compiling needs a classifier, but no particular one. */
export const anyClassifier: Runtime['classifier'] = {
  classify: () => ({
    class: 'language_heavy',
    confidence: 0,
    cause: 'abstained',
    probabilities: [0, 0, 1],
    evidence: { rules: [], logits: [0, 0, 0], read: { scored: 0, of: 0 }, turnsBack: 0 },
  }),
  abstention: { abstainBelow: 0.5, abstainTo: 'language_heavy' },
  rulesVersion: '000000000000',
  weightsVersion: '000000000000',
  record: () => ({
    turns: [],
    alone: true,
    more: false,
    lists: { scaffolding: 0, followUps: 0 },
    features: () => Buffer.alloc(0),
  }),
  explain: () => {
    throw new Error('nobody asks this one why')
  },
}

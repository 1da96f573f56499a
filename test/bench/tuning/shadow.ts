import pino from 'pino'
import { requestId } from '../../../src/base/ids.ts'
import { readClassifier } from '../../../src/config/classifier.ts'
import { secondOpinion } from '../../../src/flow/conclude/second-opinion.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'

/**
 * The cost of a shadow per request, in microseconds: `node test/bench/tuning/shadow.ts [FILE.jsonl[.gz]]
 * [WEIGHTS]`. It has never seen any of the prompts, like the first turns of a real conversation.
 */
const [file = 'config/evaluation.jsonl', weightsFile = 'config/classifier.bin'] = process.argv.slice(2)
const settings = { abstainBelow: 0.5, abstainTo: 'language_heavy', rulesFile: 'config/rules.yaml' } as const
const prompts = await readLabelledPrompts(file)
const live = readClassifier({ ...settings, weightsFile: 'config/classifier.bin', remember: 0 })
const shadow = readClassifier({ ...settings, weightsFile, remember: 0 })
const ROUNDS = 20

const times = { shadow: [] as number[], decision: [] as number[] }
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { messages } of prompts) {
    const start = performance.now()
    const verdict = live.classify(messages)
    const evidence = JSON.stringify(verdict.evidence)
    const between = performance.now()
    secondOpinion(
      { log: pino() },
      { id: requestId(0), live: { runtime: { shadow } }, evidence, routed: verdict },
      messages,
    )
    const end = performance.now()
    if (round === 0) continue
    times.decision.push((between - start) * 1_000)
    times.shadow.push((end - between) * 1_000)
  }
}
for (const [name, all] of Object.entries(times)) {
  const sorted = Float64Array.from(all).sort()
  const at = (share: number) => (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(1)
  const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length
  console.log(`${name.padEnd(10)} p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, mean ${mean.toFixed(1)} µs`)
}

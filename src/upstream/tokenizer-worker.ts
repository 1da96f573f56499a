import { parentPort } from 'node:worker_threads'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

/**
 * BPE takes time in the square of a run's length: 100 kB of one letter take many seconds. Cutting runs costs at most a
 * token a cut, so the count errs upwards.
 */
const LONGEST_RUN = 256
const RUN = new RegExp(`\\S{${LONGEST_RUN}}`, 'gu')

parentPort?.on('message', ({ job, text }: { readonly job: number; readonly text: string }) => {
  const cut = text.replace(RUN, '$& ')
  parentPort?.postMessage({ job, tokens: countTokens(cut, { disallowedSpecial: new Set() }) })
})

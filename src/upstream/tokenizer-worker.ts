import { parentPort } from 'node:worker_threads'
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants'
import { BytePairs } from './byte-pairs.ts'
import { TokenTable } from './token-table.ts'

const table = new TokenTable(new URL(import.meta.resolve('gpt-tokenizer/data/o200k_base.tiktoken')))
const tokens = new BytePairs(table, O200K_TOKEN_SPLIT_REGEX)

parentPort?.on('message', (text: string) => parentPort?.postMessage(tokens.count(text)))

import { readFileSync } from 'node:fs'
import { type Venv, versionIn } from './python.ts'

/** A client in common use, and how its program is started. */
export interface Family {
  readonly name: string
  /** Packages whose versions are named in the table, the client's own first. */
  readonly packages: readonly string[]
  /** Path of the program from here, and its arguments. */
  readonly program: readonly string[]
  /** The virtual environment of a Python program. Undefined for JavaScript. */
  readonly venv?: Venv
}

const majors = ['openai-v4', 'openai-v5', 'openai-v6', 'openai']

/** Every family that runs on Node. */
export const SCRIPTS: readonly Family[] = [
  ...majors.map((name) => ({
    name: 'openai',
    packages: [name],
    program: ['programs/openai.ts', name],
  })),
  { name: 'ai + @ai-sdk/openai', packages: ['ai', '@ai-sdk/openai'], program: ['programs/vercel-ai.ts'] },
  {
    name: '@langchain/openai',
    packages: ['@langchain/openai', '@langchain/core'],
    program: ['programs/langchain.ts'],
  },
  { name: '@openai/agents', packages: ['@openai/agents'], program: ['programs/openai-agents.ts'] },
  {
    name: '@llamaindex/openai',
    packages: ['@llamaindex/openai', '@llamaindex/core'],
    program: ['programs/llamaindex.ts'],
  },
  {
    name: '@instructor-ai/instructor',
    packages: ['@instructor-ai/instructor'],
    program: ['programs/instructor.ts'],
  },
]

/** Every family that runs on Python, in the virtual environment its packages are installed in. */
export const PYTHON: readonly Family[] = [
  { name: 'openai for Python', packages: ['openai'], program: ['programs/openai_client.py'], venv: 'openai' },
  {
    name: 'openai for Python, the major the frameworks use',
    packages: ['openai'],
    program: ['programs/openai_client.py'],
    venv: 'frameworks',
  },
  {
    name: 'LangChain for Python',
    packages: ['langchain-openai'],
    program: ['programs/langchain_client.py'],
    venv: 'frameworks',
  },
  {
    name: 'LlamaIndex for Python',
    packages: ['llama-index-llms-openai', 'llama-index-embeddings-openai'],
    program: ['programs/llama_index_client.py'],
    venv: 'frameworks',
  },
  {
    name: 'Instructor for Python',
    packages: ['instructor'],
    program: ['programs/instructor_client.py'],
    venv: 'frameworks',
  },
]

/** Its packages with their installed versions. `python` is the interpreter of its environment. */
export function versionsOf({ packages, venv }: Family, python: string | undefined): string {
  const named = packages.map((name) => {
    if (venv === undefined) return `${name.replace(/-v\d$/, '')} ${nodeVersion(name)}`
    return `${name} ${versionIn(python ?? 'python3', name)}`
  })
  return venv === undefined ? named.join(', ') : `${named.join(', ')} (Python)`
}

function nodeVersion(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'))
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version)
  throw new Error(`${name} has no version`)
}

import { parentPort, workerData } from 'node:worker_threads'
import { giveWay } from '../base/give-way.ts'
import { parseRuleBook, readRuleBook, readWeights } from '../config/classifier.ts'
import { type Configuration, readConfiguration } from '../config/configuration.ts'
import { ConfigError, ReadOnlyFile } from '../config/file/config-error.ts'
import type { Config } from '../config/load.ts'
import { loadWithoutSecrets } from '../config/load-without-secrets.ts'
import { RuleShelf } from '../config/rule-shelf.ts'
import type { LedgerReader } from '../ledger/reader.ts'
import { StoreError } from '../ledger/store-error.ts'
import { findCandidate } from '../tuning/candidates.ts'
import { makeCandidate, weightsOf } from './candidate.ts'
import { type Decided, rollBack, setShadow } from './decision.ts'
import { type Jobs, type Order, READ_ONLY, type ReplayWish, STORE_FAILED, type Workplace } from './jobs.ts'
import { openReaderAt } from './open-store.ts'
import { promote } from './promotion.ts'
import { replayRows } from './replay-rows.ts'
import { checkRules } from './rule-check.ts'
import { reportShadows } from './shadow-rows.ts'
import { shownFiles } from './shown-files.ts'
import { createKey, renewKey, revokeKey } from './team-keys.ts'
import { storeOf, tuningContext } from './tuning-context.ts'
import { compileWritten } from './written-rules.ts'

/** How many of the biggest movers a replay lists. */
const MOST_MOVERS = 50

giveWay()
const { config: file, env }: Workplace = workerData
let candidates: string | undefined
/** As of the last edit: what has not changed since need not be read again. */
let checked: Configuration | undefined

/** Reread for each job, so that a promotion or edit made a moment ago counts. */
function load(): Config {
  const config = loadWithoutSecrets(file, env)
  candidates = config.tuning.candidates
  return config
}

/** The recipient is a browser. */
const shown = (message: string) => shownFiles(message, { config: file, candidates })

type Done = Jobs[keyof Jobs]['done']

async function perform({ job, kind, asked }: Order): Promise<Done> {
  switch (kind) {
    case 'check':
      return checkRules(asked.rules, asked.weightsFile)
    case 'compile':
      return compileWritten(asked)
    case 'candidate': {
      const tuning = tuningContext(load())
      const { rules: text, basedOn, ...rest } = asked
      return makeCandidate(tuning, { rules: { text }, weightsFile: weightsOf(tuning, basedOn), ...rest })
    }
    case 'promote': {
      const { decided, notes, ...rest } = await promote(tuningContext(load()), {
        ...asked,
        since: undefined,
        mustOpen: false,
      })
      return { ...rest, notes: notes.map(shown), decided: told(decided) }
    }
    case 'shadow':
      return told(setShadow(tuningContext(load()), asked.version, asked.by))
    case 'shadowReport': {
      const config = load()
      return withReader(storeOf(config), (reader) => reportShadows(config, reader, asked))
    }
    case 'rollback':
      return told(rollBack(tuningContext(load()), asked.by, asked.why))
    case 'createKey':
      return createKey(editable(), asked, checkWhole)
    case 'rotateKey':
      return renewKey(editable(), asked, checkWhole)
    case 'revokeKey':
      return revokeKey(editable(), asked.team, asked.id, checkWhole)
    case 'replay':
      return replayAll(asked, (progress) => parentPort?.postMessage({ job, progress }))
  }
}

function told(decided: Decided): Decided {
  return 'refused' in decided ? { refused: decided.refused.map(shown) } : decided
}

/**
 * The configuration file, if all of it is valid, what it names included: a server would not load an edit to an
 * invalid one, and a key revoked there would go on serving.
 */
function editable(): string {
  checked = readConfiguration(file, env, checked)
  candidates = checked.config.tuning.candidates
  return file
}

/** Whoever edited the file since that was checked, what is written back must be valid too. */
function checkWhole(text: string): void {
  if (checked?.config.text === text) return
  editable()
  if (checked?.config.text !== text)
    throw new ConfigError([
      { file, line: undefined, path: '', message: 'changed while it was edited; try again' },
    ])
}

async function replayAll(wish: ReplayWish, onProgress: (done: number) => void) {
  const { rules, version, abstainBelow, abstainTo, since, until, team } = wish
  const config = load()
  const { live, own, candidates: folder } = config.tuning
  const candidate = version === undefined ? undefined : findCandidate(folder, version)
  const shelf = new RuleShelf(folder)
  const read = (file: string) => readRuleBook(file, shelf)
  const tried = {
    rules:
      rules === undefined ? read(candidate?.rulesFile ?? live.rules) : parseRuleBook('rules', rules, shelf),
    weights: readWeights(candidate?.weightsFile ?? live.weights),
    earlier: [...new Set([live.rules, own.rules])].map(read),
    abstainBelow,
    abstainTo,
    most: MOST_MOVERS,
  }
  return withReader(storeOf(config), (reader) =>
    replayRows(config, tried, { reader, filter: { since, until, team } }, onProgress),
  )
}

async function withReader<Found>(store: string, look: (reader: LedgerReader) => Promise<Found>) {
  const reader = await openReaderAt(store)
  try {
    return await look(reader)
  } finally {
    await reader.close()
  }
}

/** Error classes do not survive the way to the other thread. */
function reasonOf(error: Error): string {
  if (error instanceof ReadOnlyFile) return READ_ONLY
  return error instanceof StoreError ? STORE_FAILED : error.name
}

parentPort?.on('message', async (order: Order) => {
  const { job } = order
  try {
    parentPort?.postMessage({ job, done: await perform(order) })
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
    parentPort?.postMessage({ job, failed: { name: reasonOf(failure), message: shown(failure.message) } })
  }
})

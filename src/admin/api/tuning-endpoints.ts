import { z } from 'zod'
import { keptAlready } from '../../operations/candidate.ts'
import { readRulesText } from '../../operations/rules-text.ts'
import { shownFiles } from '../../operations/shown-files.ts'
import type { Candidate } from '../../tuning/candidates.ts'
import { findCandidate, listCandidates } from '../../tuning/candidates.ts'
import { liveBefore, readJournal } from '../../tuning/journal.ts'
import { Manifest } from '../../tuning/manifest.ts'
import { NoSuchCandidate } from '../../tuning/tuning-error.ts'
import { CandidatePage, RuleCheck, Tuning } from './answers/tuning.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { doJob } from './job-refusal.ts'
import { readingIn } from './reading-refusal.ts'
import { Refused } from './refused.ts'
import type { TuningParts } from './tuning-parts.ts'

/** Rules are about 120 kB; anything far larger is a mistake. UTF-16 units. */
const MOST_RULES = 500_000
const rules = z.string().max(MOST_RULES)

/** The live classifier, its candidates, and edits to them. */
export function tuningEndpoints(parts: TuningParts): readonly Endpoint[] {
  return [overview(parts), candidatePage(parts), check(parts), save(parts)]
}

function overview(parts: TuningParts): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/tuning',
    role: 'viewer',
    summary: 'Show the classifier in force, the candidates, and the history of decisions.',
    answer: Tuning,
    run: () => readingIn(parts.inForce().candidates, () => readTuning(parts)),
  })
}

function candidatePage({ inForce }: TuningParts): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/tuning/candidates/:version',
    role: 'viewer',
    summary: 'Get a candidate and its rules. The first six characters of the version are enough.',
    answer: CandidatePage,
    run({ params: { version } }) {
      const { candidates, configured } = inForce()
      const { manifest, rulesFile } = knownCandidate(candidates, version)
      const thresholds = {
        abstain_below: manifest.thresholds?.abstain_below ?? configured.abstainBelow,
        abstain_to: manifest.thresholds?.abstain_to ?? configured.abstainTo,
      }
      const rulesOfIt = readingIn(candidates, () => readRulesText(rulesFile))
      return { manifest, rules: rulesOfIt, thresholds }
    },
  })
}

function check({ inForce, workshop }: TuningParts): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/api/tuning/check',
    role: 'reviewer',
    summary: 'Check rules while they are edited: what is wrong, and where.',
    body: z.strictObject({ rules }),
    answer: RuleCheck,
    async run({ body }) {
      const { weightsFile } = inForce()
      const { problems, counts } = await doJob(workshop.run('check', { rules: body.rules, weightsFile }))
      const shown = problems.map(({ line = null, column = null, path, message }) => ({
        line,
        column,
        path,
        message,
      }))
      return { ok: problems.length === 0, problems: shown, counts }
    },
  })
}

function save({ inForce, workshop }: TuningParts): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/api/tuning/candidates',
    role: 'reviewer',
    summary: 'Save edited rules as a candidate, with the weights of another candidate or those in force.',
    body: z.strictObject({
      rules,
      based_on: z
        .string()
        .nullable()
        .default(null)
        .describe('Candidate to take the weights from; null: those in force.'),
      thresholds: Manifest.shape.thresholds.describe(
        'Thresholds to write into the rules; absent: the rules keep theirs.',
      ),
      note: z.string().max(500).default(''),
    }),
    answer: Manifest,
    status: 201,
    async run({ body: { rules: text, based_on: basedOn, thresholds, note }, caller }) {
      if (basedOn !== null) knownCandidate(inForce().candidates, basedOn)
      const order = { rules: text, basedOn, thresholds, by: caller.name, note }
      const { manifest, isNew } = await doJob(workshop.run('candidate', order))
      if (!isNew)
        throw new Refused(409, 'candidate_exists', keptAlready(manifest), { version: manifest.version })
      return manifest
    },
  })
}

/**
 * Throws `Refused`: 404 if there is no such candidate or the prefix is ambiguous, 409 if it cannot be read.
 */
export function knownCandidate(folder: string, version: string): Candidate {
  try {
    return readingIn(folder, () => findCandidate(folder, version))
  } catch (error) {
    if (!(error instanceof NoSuchCandidate)) throw error
    throw new Refused(404, 'candidate_not_found', `There is no candidate ${version.slice(0, 40)}.`)
  }
}

function readTuning({ inForce }: TuningParts): z.infer<typeof Tuning> {
  const now = inForce()
  const journal = readJournal(now.candidates)
  const { candidates, unreadable } = listCandidates(now.candidates)
  const made = journal.findLast(({ action, live }) => action !== 'shadow' && live === now.version)
  return {
    live: {
      version: now.version,
      rules_version: now.rulesVersion,
      weights_version: now.weightsVersion,
      by: made?.by ?? null,
      since: made?.at ?? null,
    },
    shadow: { version: journal.at(-1)?.shadow ?? null, is_own: now.shadowIsOwn },
    can_roll_back: liveBefore(journal) !== undefined,
    candidates: candidates.map(({ manifest }) => manifest).toReversed(),
    unreadable: unreadable.map(({ message }) => shownFiles(message, { candidates: now.candidates })),
    thresholds: { abstain_below: now.abstainBelow, abstain_to: now.abstainTo },
    history: journal.toReversed(),
    rules: readRulesText(now.rulesFile),
  }
}

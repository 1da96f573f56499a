import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { LabelledGroup } from '../../ledger/labelled-group.ts'
import type { Agreement } from '../api/answers/agreement.ts'

/** How well verdicts and labels agree, over groups of labelled rows. */
export function agreementOf(groups: readonly LabelledGroup[], complete: boolean): Agreement {
  return {
    ...shareOf(groups),
    complete,
    classes: [...PROMPT_CLASSES],
    confusion: PROMPT_CLASSES.map((label) =>
      PROMPT_CLASSES.map((given) =>
        rowsIn(groups.filter((group) => group.label === label && group.class === given)),
      ),
    ),
    reliability: Array.from({ length: 10 }, (_, tenth) =>
      binOf(
        tenth,
        groups.filter((group) => group.tenth === tenth),
      ),
    ),
    teams: dividedBy(groups, 'team').map(([team, some]) => ({ team, ...shareOf(some) })),
    languages: dividedBy(groups, 'language').map(([language, some]) => ({ language, ...shareOf(some) })),
  }
}

/** Largest first. */
function dividedBy(groups: readonly LabelledGroup[], name: 'team' | 'language') {
  return [...Map.groupBy(groups, (group) => group[name])].sort(
    ([, one], [, other]) => rowsIn(other) - rowsIn(one),
  )
}

function binOf(tenth: number, groups: readonly LabelledGroup[]): Agreement['reliability'][number] {
  const count = rowsIn(groups)
  const claimed = groups.reduce((sum, { confidence }) => sum + confidence, 0)
  return {
    from: tenth / 10,
    to: (tenth + 1) / 10,
    count,
    confidence: count === 0 ? null : claimed / count,
    right: count === 0 ? null : rowsIn(groups.filter(isRight)) / count,
  }
}

function shareOf(groups: readonly LabelledGroup[]): Pick<Agreement, 'labelled' | 'agreement' | 'interval'> {
  const labelled = rowsIn(groups)
  if (labelled === 0) return { labelled, agreement: null, interval: null }
  const right = rowsIn(groups.filter(isRight))
  return { labelled, agreement: right / labelled, interval: wilson(right, labelled) }
}

function isRight(group: LabelledGroup): boolean {
  return group.class === group.label
}

function rowsIn(groups: readonly LabelledGroup[]): number {
  return groups.reduce((sum, { rows }) => sum + rows, 0)
}

/** Quantile of the normal distribution for 95 %. */
const QUANTILE = 1.959964

/** Wilson score interval: sound for few rows, and for shares near 0 and 1. */
function wilson(right: number, all: number): [number, number] {
  const share = right / all
  const squared = QUANTILE ** 2
  const middle = share + squared / (2 * all)
  const reach = QUANTILE * Math.sqrt((share * (1 - share)) / all + squared / (4 * all * all))
  const scale = 1 + squared / all
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)]
}

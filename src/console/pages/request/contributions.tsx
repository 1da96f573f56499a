import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { ClassMark } from '../../parts/class-mark.tsx'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { Section } from '../../parts/section.tsx'
import { sureness } from '../../wording/numbers.ts'
import { type ClassSum, type Evidence, sumsOf } from './evidence.ts'
import { Pull, signed } from './pull.tsx'
import classes from './request.module.css'
import { WordPulls } from './word-pulls.tsx'

interface ContributionsProps {
  readonly id: string
  readonly evidence: Evidence | undefined
  readonly cause: string | null
  readonly outcome: string | null
  readonly versions: string
}

/** Why: what spoke for and against each class, in log-odds, and the result. */
export function Contributions({ id, evidence, cause, outcome, versions }: ContributionsProps): ReactElement {
  if (evidence === undefined) {
    return (
      <Section title="Why">
        <Text size="sm" className="quiet">
          {cause === null ? unclassified(outcome) : causeInWords(cause)}
        </Text>
      </Section>
    )
  }
  const sums = sumsOf(evidence)
  const reach = Math.max(
    1,
    ...sums.flatMap(({ logit, contributions }) =>
      [logit, ...contributions.map((each) => each.amount)].map(Math.abs),
    ),
  )
  return (
    <Section
      title="Why"
      about={`${causeInWords(cause)} Log-odds; right of the line speaks for, left against.`}
    >
      <div className={classes.sums}>
        {sums.map((sum) => (
          <Sum key={sum.class} sum={sum} reach={reach} />
        ))}
      </div>
      <WordPulls id={id} />
      <Text size="xs" mt="sm" className="quiet">
        {evidence.shadow !== undefined &&
          `The shadow said ${CLASS_LOOKS[evidence.shadow.class].name}, ${sureness(evidence.shadow.confidence)}. `}
        {versions}
      </Text>
    </Section>
  )
}

function Sum({ sum, reach }: { readonly sum: ClassSum; readonly reach: number }): ReactElement {
  return (
    <>
      <div className={classes.sumHead}>
        <ClassMark of={sum.class} />
      </div>
      <div />
      <div className={classes.total}>{signed(sum.logit)}</div>
      {sum.contributions.map((each) => (
        <Pull
          key={each.from}
          name={each.from}
          amount={each.amount}
          reach={reach}
          colour={CLASS_LOOKS[sum.class].colour}
          isSum={each.kind === 'words'}
        />
      ))}
    </>
  )
}

function unclassified(outcome: string | null): string {
  return outcome === 'refused'
    ? 'It was refused before it was classified.'
    : 'It was not classified: it was forwarded unchanged.'
}

function causeInWords(cause: string | null): string {
  if (cause === null) return ''
  if (cause.startsWith('rule:')) return `The rule ${cause.slice(5)} decided.`
  return CAUSES[cause] ?? cause
}

const CAUSES: Readonly<Record<string, string>> = {
  model: 'Rules and learned weights together.',
  inherited: 'It continues earlier turns and keeps their class.',
  forced: 'The client asked for this class.',
  pinned: 'The client asked for this model.',
  abstained:
    'There were too few words, or the classifier was not sure enough: the class set for such requests was used.',
}

import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { scrolled } from '../../parts/scrolled.ts'
import { Section } from '../../parts/section.tsx'
import { count } from '../../wording/numbers.ts'
import { written } from '../../wording/written.ts'
import type { Evidence } from './evidence.ts'
import { type KeptWords, keptWordsOf } from './kept-words.ts'
import classes from './request.module.css'

/** The prompt, as far as the team's capture setting stores it, and how much of it was read. */
export function Words({
  prompt,
  evidence,
  isUnread,
}: {
  readonly prompt: unknown
  readonly evidence: Evidence | undefined
  /** Refused before its words were read. */
  readonly isUnread: boolean
}): ReactElement {
  const kept = keptWordsOf(prompt)
  const [newest, ...older] = kept.turns
  return (
    <Section title="What was asked" about={readIn(evidence)}>
      {newest === undefined ? (
        <Text size="sm" className="quiet">
          {isUnread ? 'It was refused before its words were read.' : insteadOf(kept)}
        </Text>
      ) : (
        <div className={classes.turns} {...scrolled(kept.turns.join('\n'))}>
          <p className={classes.newest} dir="auto">
            {written(newest)}
          </p>
          {older.map((turn, back) => (
            <p key={`${back}:${turn}`} className={classes.older} dir="auto">
              {written(turn)}
            </p>
          ))}
          {kept.more && <p className={classes.older}>… and earlier turns</p>}
        </div>
      )}
    </Section>
  )
}

function insteadOf({ instead }: KeptWords): string {
  return instead === 'features'
    ? 'The text was not kept, only the features the classifier read: enough to replay and to learn from.'
    : 'Nothing of the prompt was kept. capture.prompts in the configuration sets what is.'
}

function readIn(evidence: Evidence | undefined): string | undefined {
  if (evidence?.read === undefined) return undefined
  const { scored, of } = evidence.read
  const back = evidence.turnsBack ?? 0
  const part =
    scored >= of
      ? `All ${count(of)} characters were read`
      : `${count(scored)} of ${count(of)} characters were read`
  return back === 0 ? part : `${part}, of the turn ${back === 1 ? 'before' : `${back} back`}`
}

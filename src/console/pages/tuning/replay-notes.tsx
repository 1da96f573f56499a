import { List, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { ReplayReport } from '../../../admin/api/answers/tuning.ts'
import { count, counted } from '../../wording/numbers.ts'

/** Why rows could not be replayed. */
const WHY: Readonly<Record<string, string>> = {
  nothing: 'nothing was kept of them (capture is none, or its time has passed)',
  features: 'their features are of another version',
  rules: 'rules look for something new, and only features were kept',
  follow_ups: 'follow-ups are others, and whole turns were not kept',
  scaffolding: 'scaffolding is another, and whole turns were not kept',
  beyond: 'their ask would be an earlier turn, which was not kept',
  damaged: 'what was kept of them cannot be read',
}

/** What the figures do not tell; renders nothing if they are complete. */
export function ReplayNotes({ report }: { readonly report: ReplayReport }): ReactElement | null {
  const { caveats, missing } = report
  const notes = [
    ...Object.entries(missing).map(
      ([why, rows]) => `${counted(rows, 'request')} not decided again: ${WHY[why] ?? why}.`,
    ),
    caveats.reasoning_tokens_left > 0 &&
      `${count(caveats.reasoning_tokens_left)} tokens were hidden reasoning, which the other model would not write.`,
    caveats.rows_to_reasoning > 0 &&
      `${counted(caveats.rows_to_reasoning, 'request')} would go to a model that reasons: what it will think is not counted.`,
    caveats.cached_tokens > 0 &&
      `${count(caveats.cached_tokens)} tokens came from a prompt cache, which a change of model loses.`,
    caveats.unpriced > 0 && `${counted(caveats.unpriced, 'request')} would go where the cost is not known.`,
    caveats.chosen_by_price > 0 &&
      `${counted(caveats.chosen_by_price, 'request')} went where it was cheapest at that moment, which is not decided again.`,
  ].filter((note) => note !== false)
  if (notes.length === 0) return null
  return (
    <List size="xs" spacing={2} className="quiet">
      {notes.map((note) => (
        <List.Item key={note}>
          <Text size="xs">{note}</Text>
        </List.Item>
      ))}
    </List>
  )
}

import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { RequestExplanation } from '../../../admin/api/answers/explanation.ts'
import { useAnswer } from '../../api/use-api.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { Pull } from './pull.tsx'
import classes from './request.module.css'

/**
 * Which of the stored words pulled towards the class, and which away from it. Renders nothing if no text was
 * stored.
 */
export function WordPulls({ id }: { readonly id: string }): ReactElement | null {
  const { data } = useAnswer(
    RequestExplanation,
    `/api/requests/${encodeURIComponent(id)}/explanation`,
    {},
    { keepsBefore: false },
  )
  if (data === undefined || data === null || data.pulls.length === 0) return null
  const { same, class: promptClass, pulls } = data
  const { name, colour } = CLASS_LOOKS[promptClass]
  const reach = Math.max(...pulls.map(({ pull }) => Math.abs(pull)))
  return (
    <>
      <Text size="xs" fw={500} mt="lg" mb={8} className="quiet">
        Words that pulled most, towards {name} or away
        {!same &&
          '; by rules and weights of today, which differ from those that decided, or on words that were shortened'}
      </Text>
      <div className={classes.sums}>
        {pulls.map(({ feature, pull }) => (
          <Pull key={feature} name={feature} amount={pull} reach={reach} colour={colour} />
        ))}
      </div>
    </>
  )
}

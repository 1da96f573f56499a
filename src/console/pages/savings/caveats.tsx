import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Savings } from '../../../admin/api/answers/savings.ts'
import { Section } from '../../parts/section.tsx'
import classes from './savings.module.css'

/** What the figures cannot know. Shown on the page itself, not hidden behind a link. */
export function Caveats({ caveats }: Pick<Savings, 'caveats'>): ReactElement {
  return (
    <Section title="What these figures do not tell">
      <ul className={classes.caveats}>
        {caveats.map(({ id, text }) => (
          <Text key={id} component="li" size="sm" className="quiet">
            {text}
          </Text>
        ))}
      </ul>
    </Section>
  )
}

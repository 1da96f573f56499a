import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { ClassMark } from '../../parts/class-mark.tsx'
import { Section } from '../../parts/section.tsx'
import { clock } from '../../wording/times.ts'
import { written } from '../../wording/written.ts'
import classes from './request.module.css'

/** Other requests of the same conversation, oldest first. Absent if there are none. */
export function Conversation({ row, conversation }: RequestPage): ReactElement | null {
  if (conversation.length === 0) return null
  return (
    <Section title="Same conversation" about="Neighbouring requests, oldest first">
      <ul className={classes.plain}>
        {conversation.map((each) => (
          <li key={each.id} className={classes.neighbour} data-here={each.id === row.id}>
            <span className={classes.when}>{clock(each.at)}</span>
            <Link href={`/requests/${each.id}`} className={classes.link ?? ''} dir="auto">
              {each.excerpt === null ? `${each.endpoint}, words not kept` : written(each.excerpt)}
            </Link>
            <Text size="xs" className="quiet" component="span">
              <ClassMark of={each.class} short /> · {each.target ?? each.outcome ?? 'in flight'}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  )
}

import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { Section } from '../../parts/section.tsx'
import { moment } from '../../wording/times.ts'
import classes from './request.module.css'

/** The label history, newest first. */
export function LabelList({ labels }: Pick<RequestPage, 'labels'>): ReactElement {
  return (
    <Section title="Labels">
      {labels.length === 0 ? (
        <Text size="sm" className="quiet">
          Nobody has labelled this request yet.
        </Text>
      ) : (
        <ul className={classes.plain}>
          {labels.toReversed().map(({ at, by, label, was }) => (
            <li key={`${at}:${label}`}>
              <Text size="sm">
                {label === null ? 'No label' : CLASS_LOOKS[label].name}
                {was !== null && <span className="quiet">, before: {CLASS_LOOKS[was].name}</span>}
              </Text>
              <Text size="xs" className="quiet">
                {by}, {moment(at)}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

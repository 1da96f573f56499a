import { Table } from '@mantine/core'
import type { ReactElement } from 'react'
import type { TeamPage } from '../../../admin/api/answers/teams.ts'
import { Section } from '../../parts/section.tsx'
import { limitsInWords } from './limits.ts'

const ROUTING: Readonly<Record<TeamPage['routing'], string>> = {
  always: 'by class, always',
  auto_only: 'by class, for model auto only',
  off: 'off: the client’s model',
}
const CAPTURE: Readonly<Record<TeamPage['capture'], string>> = {
  none: 'nothing is kept of prompts',
  features: 'hashed features, not a word',
  excerpt: 'the words that were scored, redacted',
  full: 'whole turns, redacted',
}

/** A team's settings in the configuration. */
export function RuleList({ page }: { readonly page: TeamPage }): ReactElement {
  const rows = [
    ['Limits', limitsInWords(page.limits)],
    ['Routing', ROUTING[page.routing]],
    ['Models', page.models === null ? 'all' : page.models.join(', ')],
    ['Endpoints', page.endpoints.join(', ')],
    ['When spent', page.when_exhausted === 'refuse' ? 'refuse' : 'the cheapest model first'],
    ['Capture', CAPTURE[page.capture]],
  ]
  return (
    <Section title="Rules" about="As set in the configuration">
      <Table layout="auto" variant="vertical" verticalSpacing={6}>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={110} fw={500} className="quiet" bg="transparent">
                {name}
              </Table.Th>
              <Table.Td className="numbers">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  )
}

import { Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { may, useSession } from '../../api/session.ts'
import { useAnswer } from '../../api/use-api.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { Figures } from '../../parts/figures.tsx'
import { OUTCOME_LOOKS } from '../../parts/outcome-mark.tsx'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Answered } from '../../parts/state.tsx'
import { usd, usdOfNano } from '../../wording/money.ts'
import { count, sureness } from '../../wording/numbers.ts'
import { clock, day, duration } from '../../wording/times.ts'
import { Contributions } from './contributions.tsx'
import { Conversation } from './conversation.tsx'
import { evidenceOf } from './evidence.ts'
import { LabelBar } from './label-bar.tsx'
import { LabelFailure } from './label-failure.tsx'
import { LabelList } from './label-list.tsx'
import { Money } from './money.tsx'
import { RawRow } from './raw-row.tsx'
import classes from './request.module.css'
import { Road } from './road.tsx'
import { Timing } from './timing.tsx'
import { useTrail, useTrailKeys } from './trail.ts'
import { Words } from './words.tsx'

const BACK = '/requests'

/**
 * One request in full: what was seen, why it was decided so, where it went, what it cost and how long it
 * took.
 */
export default function Request(): ReactElement {
  const { id = '' } = useParams<{ id: string }>()
  const [, go] = useLocation()
  const { data: session } = useSession()
  const page = useAnswer(RequestPage, `/api/requests/${encodeURIComponent(id)}`, {}, { keepsBefore: false })
  const trail = useTrail()
  const labels = may(session?.role ?? null, 'reviewer')
  useKeys([
    {
      keys: 'Escape',
      does: 'Back to the requests',
      run: () => (trail.opened === undefined ? go(BACK) : history.back()),
    },
  ])
  useTrailKeys(id)
  const row = page.data?.row
  return (
    <PageFrame
      title={row === undefined ? 'Request' : titleOf(row)}
      about={
        <>
          <Link href={BACK}>Requests</Link> ·{' '}
          {row !== undefined &&
            `${day(row.at)}, ${clock(row.at)} UTC · ${row.team}/${row.key} · ${row.endpoint}${row.stream ? ', streamed' : ''} · `}
          <Text component="code" size="xs" ff="monospace">
            {id}
          </Text>
        </>
      }
      tools={labels && row !== undefined && <LabelBar row={row} />}
    >
      <LabelFailure />
      <Answered of={page} what="the request" height={480}>
        {(answer) => <Whole {...answer} />}
      </Answered>
    </PageFrame>
  )
}

function Whole(page: RequestPage): ReactElement {
  const { row, labels } = page
  const evidence = evidenceOf(row.evidence)
  return (
    <Stack gap="md">
      <Headline row={row} />
      <div className={classes.columns}>
        <Stack gap="md">
          <Words
            prompt={row.prompt}
            evidence={evidence}
            isUnread={row.outcome === 'refused' && row.cause === null}
          />
          <Contributions
            id={row.id}
            evidence={evidence}
            cause={row.cause}
            outcome={row.outcome}
            versions={versionsOf(row)}
          />
          <LabelList labels={labels} />
          <Conversation {...page} />
        </Stack>
        <Stack gap="md">
          <Road row={row} evidence={evidence} />
          <Money row={row} />
          <Timing row={row} />
        </Stack>
      </div>
      <RawRow row={row} />
    </Stack>
  )
}

function Headline({ row }: Pick<RequestPage, 'row'>): ReactElement {
  const cost = row.cost_nusd === null ? null : usdOfNano(row.cost_nusd)
  const outcome = OUTCOME_LOOKS[row.outcome ?? 'in_flight']
  return (
    <Figures
      figures={[
        {
          name: 'Model',
          value: row.target ?? 'none',
          about: askedFor(row),
        },
        {
          name: 'Outcome',
          value: outcome.name,
          about: `status ${row.status ?? '–'}`,
          colour: row.outcome === 'ok' ? undefined : outcome.colour,
        },
        {
          name: 'Cost',
          value: cost === null ? '–' : usd(cost),
          about:
            row.baseline_nusd === null
              ? 'no baseline'
              : `${usd(usdOfNano(row.baseline_nusd))} at the baseline`,
        },
        {
          name: 'Tokens',
          value: row.input_tokens === null ? '–' : count(row.input_tokens + (row.output_tokens ?? 0)),
          about:
            row.input_tokens === null
              ? 'none known'
              : `${count(row.input_tokens)} in, ${count(row.output_tokens ?? 0)} out`,
        },
        {
          name: 'Time',
          value: row.ms_total === null ? '–' : duration(row.ms_total),
          about:
            row.ms_to_first_byte === null
              ? 'no byte came'
              : `${duration(row.ms_to_first_byte)} to the first byte`,
        },
      ]}
    />
  )
}

function askedFor({ requested_model: asked, target }: RequestPage['row']): string {
  if (asked === null || asked === '') return 'none was asked for'
  return asked === target ? 'as asked' : `asked for ${asked}`
}

function titleOf(row: RequestPage['row']): string {
  const { name } = CLASS_LOOKS[row.class ?? 'none']
  return row.confidence === null ? name : `${name}, ${sureness(row.confidence)}`
}

function versionsOf(row: RequestPage['row']): string {
  return row.rules_version === null
    ? ''
    : `Rules ${row.rules_version}, weights ${row.weights_version ?? '–'}.`
}

import { Stack } from '@mantine/core'
import type { ReactElement } from 'react'
import { Savings as SavingsAnswer } from '../../../admin/api/answers/savings.ts'
import { useAnswer } from '../../api/use-api.ts'
import { Figures } from '../../parts/figures.tsx'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Answered, Empty } from '../../parts/state.tsx'
import { useLook, WindowPicker } from '../../parts/window-picker.tsx'
import { usd } from '../../wording/money.ts'
import { count, percent } from '../../wording/numbers.ts'
import { moment, stillCounted } from '../../wording/times.ts'
import { Caveats } from './caveats.tsx'
import { ClassTable } from './class-table.tsx'
import { NotCompared } from './not-compared.tsx'

export default function Savings(): ReactElement {
  const { window, team } = useLook()
  const savings = useAnswer(SavingsAnswer, '/api/savings', { window, team })
  const { data } = savings
  return (
    <PageFrame title="Savings" about={data && coverageOf(data)} tools={<WindowPicker />}>
      <Answered of={savings} what="the savings" height={480}>
        {(answer) =>
          answer.total.requests === 0 ? (
            <Empty title="No requests in this time" height={480}>
              Choose a longer one, or send something: what it saves is told here.
            </Empty>
          ) : (
            <Stack gap="md">
              <Sums {...answer} />
              <ClassTable {...answer} />
              <Stack gap="md">
                <Caveats caveats={answer.caveats} />
                <NotCompared total={answer.total} />
              </Stack>
            </Stack>
          )
        }
      </Answered>
    </PageFrame>
  )
}

function coverageOf(answer: SavingsAnswer): string {
  const { complete, from, counted_from: countedFrom, baseline_models: baseline } = answer
  if (!complete) return stillCounted(countedFrom)
  return `Against ${baseline.join(', ')} for everything, since ${moment(from)}`
}

function Sums({ total, baseline_models: models }: SavingsAnswer): ReactElement {
  const more = total.saved_usd < 0
  return (
    <Figures
      figures={[
        {
          name: more ? 'Cost more' : 'Saved',
          value: usd(Math.abs(total.saved_usd)),
          about:
            total.share === null
              ? 'nothing to compare'
              : `${percent(Math.abs(total.share), 1)} of the baseline`,
          colour: more || total.saved_usd === 0 ? undefined : 'var(--good)',
        },
        { name: 'Paid', value: usd(total.cost_usd), about: 'for what is compared' },
        {
          name: 'Baseline',
          value: usd(total.baseline_usd),
          about: `the same tokens on ${models.join(', ')}`,
        },
        {
          name: 'Compared',
          value: percent(total.requests > 0 ? total.compared / total.requests : 0, 1),
          about: `${count(total.compared)} of ${count(total.requests)} requests`,
        },
      ]}
    />
  )
}

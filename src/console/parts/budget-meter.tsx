import { Group, Text, Tooltip } from '@mantine/core'
import type { ReactElement } from 'react'
import { usd } from '../wording/money.ts'
import { percent } from '../wording/numbers.ts'
import { ago } from '../wording/times.ts'
import classes from './budget-meter.module.css'

/** The standing of a budget, in dollars. */
interface Standing {
  /** Including raises. */
  readonly limit_usd: number
  readonly raised_usd: number
  readonly spent_usd: number
  readonly held_usd: number
  readonly resets_at: string | null
}

interface Props {
  readonly budget: Standing
  readonly name: string
}

/**
 * A complete budget: spent, held by requests in flight (hatched), added by raises (dotted, at the end), and
 * the figures in words.
 */
export function BudgetMeter({ budget, name }: Props): ReactElement {
  const { limit_usd: limit, spent_usd: spent, held_usd: held, raised_usd: raised, resets_at } = budget
  const share = limit === 0 ? 1 : spent / limit
  const left = Math.max(0, limit - spent - held)
  const width = (sum: number) => `${100 * Math.min(1, limit === 0 ? 1 : sum / limit)}%`
  const notes = [`${usd(left)} left`]
  if (held > 0) notes.push(`${usd(held)} held`)
  if (raised > 0) notes.push(`raised by ${usd(raised)}`)
  return (
    <div>
      <Group justify="space-between" gap="sm" mb={6} wrap="nowrap">
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="sm" className="numbers" style={{ whiteSpace: 'nowrap' }}>
          {usd(spent)}{' '}
          <span className="quiet">
            of {usd(limit)} · {percent(share)}
          </span>
        </Text>
      </Group>
      <Tooltip label={`${usd(spent)} spent, ${usd(held)} held by requests in flight, ${usd(left)} left`}>
        <div
          className={classes.bar}
          role="img"
          aria-label={`${name}: ${usd(spent)} spent and ${usd(held)} held of ${usd(limit)}`}
        >
          {raised > 0 && <div className={classes.raised} style={{ width: width(raised) }} />}
          <div className={classes.held} data-level={levelOf(share)} style={{ width: width(spent + held) }} />
          <div className={classes.spent} data-level={levelOf(share)} style={{ width: width(spent) }} />
        </div>
      </Tooltip>
      <Group justify="space-between" gap="sm" mt={4} wrap="nowrap">
        <Text size="xs" className="quiet numbers">
          {notes.join(' · ')}
        </Text>
        <Text size="xs" className="quiet numbers">
          {resets_at === null ? 'never resets' : `resets ${ago(resets_at)}`}
        </Text>
      </Group>
    </div>
  )
}

function levelOf(share: number): 'calm' | 'near' | 'spent' {
  if (share >= 0.99) return 'spent'
  return share >= 0.8 ? 'near' : 'calm'
}

import { fail } from '../../base/failure.ts'
import { type NanoUsd, nanoUsd, ZERO } from '../../base/money.ts'
import { isFull } from '../../limits/limiter.ts'
import { worstCase } from '../../pricing/bound.ts'
import { estimateTokens } from '../../pricing/estimate.ts'
import { type Admitted, fullFailure } from '../admit.ts'
import { openRow } from '../open-row.ts'
import type { Ports } from '../ports.ts'
import { holdMoney } from '../reserve/hold-money.ts'
import { ROOMY_SHARE } from '../reserve/token-window.ts'
import type { Trip } from '../trip.ts'
import type { Aimed } from './aim.ts'

/** A request whose worst case is held. */
export interface Funded extends Aimed {
  /** The most it can be billed. Its body is forwarded unchanged, so no cap can be lowered. */
  readonly atMost: NanoUsd
  readonly most: MostTokens
}

/** Bounds in tokens; 0 for what is not billed by tokens. */
export interface MostTokens {
  readonly input: number
  /** Over all answers. */
  readonly output: number
}

/** What an unpriceable request holds, so that it is refused once a budget is spent. */
const SIGN_OF_LIFE = nanoUsd(1)

/**
 * Takes tokens from the limits and money from the budgets, and opens the ledger row before the upstream sees
 * anything that may cost money. Free operations take nothing; their row is written at the end. Throws as
 * `reserve` does.
 */
export async function fund(ports: Ports, trip: Trip, { key }: Admitted, aimed: Aimed): Promise<Funded> {
  const { operation, target, price, budgets, upstream } = aimed
  const most = mostTokens(aimed)
  const atMost = price === undefined ? ZERO : worstCase(price, most.input, most.output, 1)
  const funded = { ...aimed, atMost, most }
  if (operation.billing === 'free') return funded
  await takeTokens(trip, aimed, most)
  const sum = price === undefined && budgets.length > 0 ? SIGN_OF_LIFE : atMost
  const row = { ...openRow(trip, key), target: target?.model ?? null, upstream }
  const held = await holdMoney(ports, row, budgets, { atMost: sum, atLeast: sum })
  if ('code' in held) fail(held)
  trip.hold = held
  return funded
}

/** Audio and images are bounded only by the model's context; each input of an embedding may be that long. */
function mostTokens({ operation, read, target, price }: Aimed): MostTokens {
  if (operation.billing !== 'tokens' || read === undefined) return { input: 0, output: 0 }
  if (target === undefined || price === undefined) return { input: read.plain.length, output: 0 }
  if (operation.endpoint === 'embeddings') return { input: read.plain.length, output: 0 }
  const input = read.hasFiles ? target.context : read.plain.length
  const output = read.maxTokens ?? target.maxOutput
  return { input, output: output * read.answers }
}

async function takeTokens(trip: Trip, { read }: Aimed, most: MostTokens): Promise<void> {
  const left = trip.slot?.state('tokens')?.remaining
  if (trip.slot === undefined || left === undefined || read === undefined) return
  const bound = most.input + most.output
  const closer = () =>
    read.hasFiles
      ? bound
      : Math.min(bound, estimateTokens(read.texts.join('\n')) + read.givenTokens + most.output)
  const tokens = bound <= left * ROOMY_SHARE ? bound : closer()
  const taken = await trip.slot.takeTokens({ atMost: tokens, atLeast: tokens })
  if (isFull(taken)) fail(fullFailure(taken, tokens))
}

import { type Failure, fail, failureOf } from '../base/failure.ts'
import { ROUTING_NAMES } from '../base/model-name.ts'
import { identify } from './admit.ts'
import { unbilled } from './conclude/price.ts'
import { closingOf } from './conclude/settle.ts'
import type { Exchange } from './exchange.ts'
import type { Ports } from './ports.ts'
import { begin, type Trip } from './trip.ts'

/** `GET /models` and `GET /models/{id}`: what the key can ask for. Never rejects. */
export async function listModels(ports: Ports, exchange: Exchange): Promise<void> {
  const trip = begin(ports, exchange, 'models')
  const own = ['x-request-id', trip.id, 'content-type', 'application/json; charset=utf-8']
  try {
    const models = modelsFor(trip)
    const id = decodeURIComponent(exchange.path.slice('/models/'.length).replace(/(?<=[^/])\/$/, ''))
    const answer = id === '' ? { object: 'list', data: models } : models.find((model) => model.id === id)
    if (answer === undefined) fail({ code: 'model_not_found', model: id })
    exchange.answer(200, own, JSON.stringify(answer, null, 2))
    over(ports, trip, 200, null)
  } catch (thrown) {
    const failure = thrown instanceof URIError ? BAD_ID : failureOf(thrown)
    if (failure.code === 'internal_error') ports.log.error({ err: thrown }, 'the models could not be listed')
    const { status, headers, error } = ports.answerTo(failure)
    exchange.answer(status, [...own, ...headers], JSON.stringify({ error }, null, 2))
    over(ports, trip, status, failure.code)
  }
}

/** It costs nothing and has no row, but it still counts as a request. */
function over(ports: Ports, trip: Trip, status: number, errorCode: Failure['code'] | null): void {
  const outcome = errorCode === null ? 'ok' : 'refused'
  const ending = { outcome, status, errorCode, answeredModel: null, billed: undefined } as const
  ports.observer.ended(trip, closingOf(ports, trip, ending, unbilled(trip)))
}

const BAD_ID = {
  code: 'invalid_request',
  detail: 'the model id has invalid percent-encoding',
  param: null,
} as const

interface ModelEntry {
  readonly id: string
  readonly object: 'model'
  readonly created: number
  readonly owned_by: string
  readonly shutdown_date?: string
}

/** The routing names, then every configured model the team may use. */
function modelsFor(trip: Trip): readonly ModelEntry[] {
  const { key } = identify(trip.live.runtime, trip.exchange.headers, trip.at)
  trip.key = key
  const { team } = key
  if (!team.endpoints.has('models')) {
    fail({ code: 'endpoint_not_allowed', endpoint: 'models', team: team.name })
  }
  const routingNames = team.routing === 'off' ? [] : ROUTING_NAMES
  const targets = [...trip.live.runtime.targets.values()].filter(
    ({ model }) => team.models === undefined || team.models.has(model),
  )
  return [
    ...routingNames.map((id) => ({ id, object: 'model', created: 0, owned_by: 'trivium' }) as const),
    ...targets.map(({ model, upstream, shutdownAt }) => ({
      id: model,
      object: 'model' as const,
      created: 0,
      owned_by: upstream,
      ...(shutdownAt !== undefined && { shutdown_date: new Date(shutdownAt).toISOString().slice(0, 10) }),
    })),
  ]
}

import type { Holder } from '../base/holder.ts'
import type { Needs } from '../routing/needs.ts'
import { withDefaultModel } from './body-model.ts'
import type { Dialect, RoutedRequest } from './dialect/dialect.ts'
import { namedModel } from './redacted-model.ts'
import type { Trip } from './trip.ts'

/** A request valid as far as this program reads it. */
export interface Parsed {
  readonly dialect: Dialect
  readonly request: RoutedRequest
  readonly needs: Needs
  /** Who holds the state it depends on, if known. */
  readonly holder?: Holder | undefined
}

/** Checks the fields that are read and keeps every byte of the rest. Throws `invalid_json`, `invalid_request`. */
export function parse(trip: Trip, dialect: Dialect, body: Buffer = trip.exchange.body): Parsed {
  const { deployment } = trip.exchange
  const request = dialect.read(deployment === undefined ? body : withDefaultModel(body, deployment))
  const { needs } = request
  trip.requestedModel = namedModel(trip.live.runtime, request.model)
  trip.stream = needs.stream
  return { dialect, request, needs }
}

import { z } from 'zod'
import { type Endpoint, endpoint } from './endpoint.ts'

/** Whether load balancers should send requests to this process. */
export interface Rotation {
  readonly isLeft: boolean
  leave(): void
  rejoin(): void
}

export interface DrainParts {
  readonly rotation: Rotation
  /** Requests that have arrived but not yet ended. */
  inFlight(): number
}

const Draining = z.strictObject({
  draining: z.boolean().describe('True: `/readyz` fails, but requests that still arrive are served.'),
  requests_in_flight: z.int(),
})

/** Takes the process out of rotation before a stop, and back in. */
export function drainEndpoints({ rotation, inFlight }: DrainParts): readonly Endpoint[] {
  const state = () => ({ draining: rotation.isLeft, requests_in_flight: inFlight() })
  return [
    endpoint({
      method: 'GET',
      path: '/api/drain',
      role: 'viewer',
      summary: 'Show whether this process is out of rotation, and how many requests are in flight.',
      answer: Draining,
      run: state,
    }),
    endpoint({
      method: 'POST',
      path: '/api/drain',
      role: 'admin',
      summary: 'Take this process out of rotation: `/readyz` fails, and clients are told to reconnect.',
      answer: Draining,
      run() {
        rotation.leave()
        return state()
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/drain',
      role: 'admin',
      summary: 'Put this process back into rotation.',
      answer: Draining,
      run() {
        rotation.rejoin()
        return state()
      },
    }),
  ]
}

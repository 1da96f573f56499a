import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { parseDuration } from '../config/schema/units.ts'
import { adminOf } from './backends/admin-call.ts'
import { type Command, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `trivium drain: take a running server out of rotation before stopping it

  trivium drain [--wait TIME]
  trivium drain --undo

  --wait TIME     wait this long before returning, such as 10s, so that the load balancer notices
  --undo          put the server back into rotation
  --config FILE   the configuration the server runs with (default: config/trivium.yaml here, else trivium.yaml)
  --admin URL     use this admin plane instead of the configuration's
  --json          print {"draining", "requests_in_flight"}

/readyz fails from then on, so that load balancers send no new connections. Requests that still arrive are served, and
their clients are told to close the connection; none is refused. The token is TRIVIUM_ADMIN_TOKEN, else the
configuration's.
`

const OPTIONS = {
  wait: { type: 'string' },
  undo: { type: 'boolean', default: false },
  config: { type: 'string' },
  admin: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const State = z.object({ draining: z.boolean(), requests_in_flight: z.number() })

export const drain: Command = {
  name: 'drain',
  summary: 'take a running server out of rotation, or put it back',
  usage: USAGE,
  async run(args, io) {
    const flags = readFlags(args, { options: OPTIONS }).values
    const waitMs = flags.wait === undefined ? 0 : parseDuration(flags.wait)
    if (waitMs === undefined) throw new UsageError(`--wait ${flags.wait}: expected a time, such as 10s`)
    const admin = adminOf(flags, io.env)
    const state = State.parse(await admin({ method: flags.undo ? 'DELETE' : 'POST', path: '/api/drain' }))
    await setTimeout(waitMs)
    const said = state.draining ? 'out of rotation' : 'takes requests'
    io.stdout.write(
      flags.json ? `${JSON.stringify(state)}\n` : `${said}, ${state.requests_in_flight} requests in flight\n`,
    )
    return 0
  },
}

import { loadWithoutSecrets } from '../config/load-without-secrets.ts'
import { urlOf } from './backends/admin-call.ts'
import type { Command } from './command.ts'
import { configFlag } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `Usage: trivium health [--config FILE | --admin URL] [--ready]

Checks that a running server is alive; meant for a container's health check.
Exit code 0: yes. 1: no, or there is no answer.

  --config FILE   the configuration the server runs with (default: config/trivium.yaml here, else trivium.yaml)
  --admin URL     use this admin plane instead of the configuration's
  --ready         check that it can take requests, too, and print what prevents it
`

const OPTIONS = {
  config: { type: 'string' },
  admin: { type: 'string' },
  ready: { type: 'boolean', default: false },
} as const

/** A probe that waits longer than this misses its own deadline. */
const PATIENCE_MS = 2_000

export const health: Command = {
  name: 'health',
  summary: 'check whether a running server is alive, or ready',
  usage: USAGE,
  async run(args, io) {
    const flags = readFlags(args, { options: OPTIONS }).values
    const base =
      flags.admin ?? urlOf(loadWithoutSecrets(configFlag(flags.config), io.env).settings.server.admin)
    const url = `${base.replace(/\/+$/, '')}${flags.ready ? '/readyz' : '/healthz'}`
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) })
      .then(async (response) => ({ ok: response.ok, said: await response.text() }))
      .catch(() => ({ ok: false, said: `no answer from ${base}` }))
    const tell = answer.ok ? io.stdout : io.stderr
    tell.write(`${answer.said}\n`)
    return answer.ok ? 0 : 1
  },
}

import { setFlagsFromString } from 'node:v8'
import type { Command } from './command.ts'
import { configFlag, withDemoHint } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `Usage: trivium serve [--config FILE]

Runs the proxy. SIGTERM or SIGINT stops it once the requests in flight have finished; a second SIGINT stops it at once.
SIGHUP reloads the configuration.

  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
`

/**
 * With shared stores: how much the heap may grow, in percent of its size after the last full collection,
 * before it is collected again. Requests that wait for the stores survive into the old generation, and by
 * itself V8 would let the heap grow by a quarter more. With an embedded store V8's own policy uses the least
 * memory.
 */
const HEAP_GROWTH_SHARED = 100

export const serve: Command = {
  name: 'serve',
  summary: 'run the proxy',
  usage: USAGE,
  async run(args, io) {
    const config = configFlag(readFlags(args, { options: { config: { type: 'string' } } }).values.config)
    const signals = heedSignals()
    // Loading takes a large part of a second, in which an unhandled signal would end the process.
    const { compose } = await import('../compose.ts')
    const trivium = await compose({ config, env: io.env }).catch((error: unknown) => {
      throw withDemoHint(error)
    })
    if (trivium.sharesStores) setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_SHARED}`)
    io.stdout.write(`Trivium listens on ${trivium.dataUrl}/v1, admin on ${trivium.adminUrl}\n`)
    if (trivium.madeToken !== undefined) io.stdout.write(`Admin token, shown once: ${trivium.madeToken}\n`)
    signals.onReload(() => trivium.reload())
    await signals.stopped
    process.once('SIGINT', () => process.exit(1))
    io.stderr.write('Finishing requests in flight.\n')
    await trivium.close()
    return 0
  },
}

/** Handles signals to the process from now on; Node's default for each of them is to exit. */
function heedSignals() {
  let reloadWanted = false
  let reload = () => {
    reloadWanted = true
  }
  process.on('SIGHUP', () => reload())
  const stopped = new Promise<void>((resolve) => {
    // `on`, not `once`: a second SIGTERM means the same, and Node's default would cut requests in flight.
    process.on('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  return {
    stopped,
    /** Sets the handler for SIGHUP and calls it at once if the signal has already arrived. */
    onReload(answer: () => void) {
      reload = answer
      if (reloadWanted) answer()
    },
  }
}

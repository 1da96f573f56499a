import { setFlagsFromString } from 'node:v8'
import type { Command } from './command.ts'
import { configFlag, withDemoHint } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `Usage: trivium serve [--config FILE]

Runs the proxy until SIGTERM or SIGINT, which let requests in flight finish; a
SIGINT after that does not wait for them.
SIGHUP reads the configuration again.

  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
`

/**
 * In percent of what it kept the last time, how much a heap may grow before all of it is collected, where stores are shared:
 * requests that wait for them grow old on the way, and V8 would let the heap grow by a quarter more than that. With a file V8's own
 * measure keeps the least memory.
 */
const HEAP_GROWTH_SHARED = 100

export const serve: Command = {
  name: 'serve',
  summary: 'run the proxy',
  usage: USAGE,
  async run(args, io) {
    const config = configFlag(readFlags(args, { options: { config: { type: 'string' } } }).values.config)
    const signals = heedSignals()
    // Loading takes a good part of a second, in which a signal nobody heeds would end the process.
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

/** What the process was asked by signals, from now on; Node's own answer to each of them is to end. */
function heedSignals() {
  let reloadWanted = false
  let reload = () => {
    reloadWanted = true
  }
  process.on('SIGHUP', () => reload())
  const stopped = new Promise<void>((resolve) => {
    // Again and again: whoever sends it twice wants the same, and Node's own answer would cut what is in flight.
    process.on('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  return {
    stopped,
    /** Who answers SIGHUP; at once, if it has come already. */
    onReload(answer: () => void) {
      reload = answer
      if (reloadWanted) answer()
    },
  }
}

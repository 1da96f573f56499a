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
 * In percent of what it kept the last time, how much a heap may grow before all of it is collected. V8 would let it double and
 * more: what is kept is small, and almost everything else dies young, so collecting sooner costs little.
 */
const HEAP_GROWTH = 25

/** Requests that wait for shared stores grow old on the way: the heap would be collected every thousand of them. */
const HEAP_GROWTH_SHARED = 100

export const serve: Command = {
  name: 'serve',
  summary: 'run the proxy',
  usage: USAGE,
  async run(args, io) {
    const config = configFlag(readFlags(args, { options: { config: { type: 'string' } } }).values.config)
    collectOnGrowthOf(HEAP_GROWTH)
    const signals = heedSignals()
    // Loading takes a good part of a second, in which a signal nobody heeds would end the process.
    const { compose } = await import('../compose.ts')
    const trivium = await compose({ config, env: io.env }).catch((error: unknown) => {
      throw withDemoHint(error)
    })
    if (trivium.sharesStores) collectOnGrowthOf(HEAP_GROWTH_SHARED)
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

function collectOnGrowthOf(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
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

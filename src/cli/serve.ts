import { compose, type Trivium } from '../compose.ts'
import type { Command, ExitCode, Io } from './command.ts'
import { configFlag, withDemoHint } from './config-flag.ts'
import { readFlags } from './flags.ts'

const USAGE = `Usage: trivium serve [--config FILE]

Runs the proxy until SIGTERM or SIGINT, which let requests in flight finish.
SIGHUP reads the configuration again.

  --config FILE   the configuration (default: config/trivium.yaml)
`

export const serve: Command = {
  name: 'serve',
  summary: 'Run the proxy',
  usage: USAGE,
  async run(args, io) {
    const config = configFlag(readFlags(args, { options: { config: { type: 'string' } } }).values.config)
    const trivium = await compose({ config, env: io.env }).catch((error: unknown) => {
      throw withDemoHint(error)
    })
    io.stdout.write(`Trivium listens on ${trivium.dataUrl}/v1, admin on ${trivium.adminUrl}\n`)
    if (trivium.madeToken !== undefined) io.stdout.write(`Admin token, shown once: ${trivium.madeToken}\n`)
    return untilStopped(trivium, io)
  },
}

/** Waits for the signal to stop. A second one does not wait for requests in flight. */
async function untilStopped(trivium: Trivium, io: Io): Promise<ExitCode> {
  process.on('SIGHUP', () => trivium.reload())
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  process.once('SIGINT', () => process.exit(1))
  io.stderr.write('Finishing requests in flight.\n')
  await trivium.close()
  return 0
}

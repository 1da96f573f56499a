#!/usr/bin/env node
/** As in `engines` of the package: npm only warns of an older one, which would fail with words nobody understands. */
const LEAST_NODE = 24

// Who reads our output may stop reading: a server goes on without, and `ledger --json | head` has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  if (process.argv[2] !== 'serve') process.exit()
})

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < LEAST_NODE) {
  process.stderr.write(`trivium: needs Node ${LEAST_NODE} or newer; this is ${process.versions.node}\n`)
  process.exitCode = 2
} else {
  const { runCli } = await import('./cli/cli.ts')
  process.exitCode = await runCli(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
  })
}

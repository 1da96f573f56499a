#!/usr/bin/env node
/** As in `engines` of the package: npm only warns of an older one, which would fail with words nobody understands. */
const LEAST_NODE = 24

// Who reads our output may stop reading, and a disk may be full: a server goes on without, `ledger --json | head` has seen
// enough, and whoever saves a page in a file should hear that half of it is missing.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (process.argv[2] === 'serve') return
    if (code !== 'EPIPE' && output === process.stdout) {
      process.stderr.write(`trivium: the output cannot be written: ${message}\n`)
      process.exitCode = 1
    }
    process.exit()
  })
}

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

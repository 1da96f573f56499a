#!/usr/bin/env node
/**
 * Must match `engines` in package.json. npm only warns about an older Node, which would then fail with an
 * obscure error.
 */
const LEAST_NODE = 24

// The reader of our output may close the pipe, or a disk may fill up. A server keeps running. A closed pipe
// (`ledger --json | head`) ends a command quietly; any other error on stdout is reported, since the saved
// output is incomplete.
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

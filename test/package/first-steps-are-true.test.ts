import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { startSimulator } from '../../src/simulator/server.ts'
import { freePort } from '../support/store-process.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

/** The page's commands, except those that install, as one script that stops at the first failure. */
function scriptOf(page: string): string {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands]) => commands).join('')
}

/** A server picks up a changed file in its own time: instead of sleeping, polls until it has, each time again. */
function patient(commands: string): string {
  let reloads = 0
  return commands.replaceAll('sleep 2\n', () => {
    reloads += 1
    return `until [ "$(grep -c 'was reloaded' trivium.log)" -ge ${reloads} ]; do sleep 0.2; done\n`
  })
}

test('every command of docs/first-steps.md does what the page says, starting in an empty folder', async (t) => {
  const folder = temporaryDirectory()
  t.after(() => folder.dispose())
  const simulator = await startSimulator()
  t.after(() => simulator.close())
  mkdirSync(join(folder.path, 'node_modules'))
  symlinkSync(resolve('.'), join(folder.path, 'node_modules/trivium-proxy'))
  const [data, admin] = [await freePort(), await freePort()]
  const commands = patient(scriptOf(readFileSync('docs/first-steps.md', 'utf8')))
    .replaceAll('https://api.openai.com/v1', simulator.baseUrl)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${data}`)
    .replaceAll('127.0.0.1:8081', `127.0.0.1:${admin}`)
  const program = `set -euo pipefail
set -m
trivium() { '${process.execPath}' '${resolve('src/main.ts')}' "$@"; }
trap 'kill %1 2>/dev/null || true' EXIT
${commands}`
  const script = join(folder.path, 'steps.sh')
  writeFileSync(script, program)
  const env = { PATH: process.env.PATH, OPENAI_API_KEY: 'sk-simulated' }
  const child = spawn('bash', [script], { cwd: folder.path, env })
  const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)])
  assert.equal(child.exitCode, 0, `${said}\n${complaints}`)
  assert.match(said, /trivium\.yaml: valid \(\d+ models, 1 team, 0 keys\)/)
  const statuses = [...said.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status]) => Number(status))
  assert.deepEqual(statuses, [200, 429, 200], said)
  assert.match(
    said,
    /^x-trivium-class: factual_recall\r?\nx-trivium-confidence: 0\.941\r?\nx-trivium-cause: model/m,
  )
  assert.match(said, /^x-trivium-budget-remaining-usd: 4\.99\d+/m)
  assert.match(said, /physics\/me/)
  assert.match(said, /"code": "insufficient_quota"/)
  assert.match(said, /stem_reasoning {3}99\.7 % sure, because of rule:beams/)
  assert.match(said, /2 of 2 requests decided again/)
  assert.match(said, /moved to another class: 1 /)
  assert.match(said, /^x-trivium-cause: rule:beams/m)
})

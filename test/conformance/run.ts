import { parseArgs } from 'node:util'
import { type Family, PYTHON, SCRIPTS, versionsOf } from './family.ts'
import { MODES, type Mode, openMode } from './mode.ts'
import { perform } from './perform.ts'
import { interpreterOf } from './python.ts'
import { complaintsOf, type Record, tableOf } from './report.ts'
import type { Outcome } from './step.ts'

/**
 * `npm run conformance [-- WORD …]`: every client's program (or those with a word in their name or path)
 * against the simulator itself, through the proxy as it routes, and through the proxy with all requests on
 * each route. Prints one table and all findings, and exits with 1 if there are any. Without Python its
 * clients are left out, which CI does not allow.
 */
const { positionals } = parseArgs({ allowPositionals: true })
const families = [...SCRIPTS, ...PYTHON].filter(({ name, program }) => {
  return positionals.length === 0 || positionals.some((word) => `${name} ${program}`.includes(word))
})

const players: { family: Family; python: string | undefined; outcomes: Map<Mode, readonly Outcome[]> }[] = []
for (const family of families) {
  try {
    const python = family.venv === undefined ? undefined : interpreterOf(family.venv)
    players.push({ family, python, outcomes: new Map() })
  } catch (error) {
    console.log(`skipped: ${family.name}: ${error instanceof Error ? error.message : error}`)
    if (process.env.CI === 'true') process.exitCode = 1
  }
}

for (const mode of MODES) {
  const { place, close } = await openMode(mode)
  const waiting = [...players]
  const workThrough = async () => {
    for (let player = waiting.shift(); player !== undefined; player = waiting.shift()) {
      player.outcomes.set(mode, await perform(player.family, place, player.python))
      process.stderr.write('.')
    }
  }
  await Promise.all([workThrough(), workThrough()])
  await close()
}
process.stderr.write('\n')

const records = players.map(({ family, python, outcomes }): Record => {
  return { client: versionsOf(family, python), outcomes }
})
console.log(`Where signs differ, they stand for: ${MODES.join(', ')}.\n\n${tableOf(records)}\n`)
const complaints = records.flatMap(complaintsOf)
for (const complaint of complaints) console.log(`✖ ${complaint}`)
if (complaints.length > 0) process.exitCode = 1

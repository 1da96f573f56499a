import { createHash, randomBytes } from 'node:crypto'
import { PersonSettings } from '../config/schema/people-schema.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `trivium people: a token for somebody who uses the console or the admin API

  trivium people --name NAME --role viewer|reviewer|admin [--json]

Prints a new token, this once, and the entry for it: put that into the configuration under server.people. A running
server takes it over by itself, and whoever is taken out of the list is out at once. A viewer looks, a reviewer
also labels and tries rules, an admin may do everything.
`

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const people: Command = {
  name: 'people',
  summary: 'make a token for somebody who uses the console',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { name, role, json } = readFlags(args, { options: OPTIONS }).values
    const token = `trivium-${randomBytes(24).toString('base64url')}`
    const sha256 = createHash('sha256').update(token).digest('hex')
    const entry = PersonSettings.safeParse({ name, role, sha256 })
    if (!entry.success) {
      const [problem] = entry.error.issues
      throw new UsageError(`--${String(problem?.path[0])}: ${problem?.message}`)
    }
    if (json) io.stdout.write(`${JSON.stringify({ token, ...entry.data })}\n`)
    else {
      io.stdout.write(`${token}\n`)
      io.stderr.write('shown this once; below server.people in the configuration:\n')
      io.stderr.write(`- { name: ${entry.data.name}, role: ${entry.data.role}, sha256: ${sha256} }\n`)
    }
    return 0
  },
}

import { createHash, randomBytes } from 'node:crypto'
import { Document } from 'yaml'
import { PersonSettings } from '../config/schema/people-schema.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `trivium people: create a token for someone who uses the console or the admin API

  trivium people --name NAME --role viewer|reviewer|admin [--json]

Prints a new token, which is never shown again, and its entry for server.people in the configuration. A running server
picks up the change by itself; anyone removed from the list loses access at once. A viewer can look, a reviewer can also
label and try rules, and an admin can do everything.
`

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const people: Command = {
  name: 'people',
  summary: 'create a token for someone who uses the console or the admin API',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { name, role, json } = readFlags(args, { options: OPTIONS }).values
    if (name === undefined) throw new UsageError('--name is missing')
    if (role === undefined) throw new UsageError('--role is missing: viewer, reviewer or admin')
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
      io.stderr.write('not shown again; put this under server.people in the configuration:\n')
      io.stderr.write(entryOf(entry.data))
    }
    return 0
  },
}

/** As a line of YAML, quoted where a text would be read as a number or the like. */
function entryOf(person: PersonSettings): string {
  const document = new Document([])
  document.add(document.createNode(person, { flow: true }))
  return document.toString({ lineWidth: 0 })
}

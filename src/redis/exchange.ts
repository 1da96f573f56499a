import { Command, type Redis } from 'iovalkey'
import type { Reply } from './connection.ts'
import { NO_ANSWER, type Outcome } from './outcome.ts'
import { decode } from './wire.ts'

/** A command as it is to be sent. */
export interface Written {
  readonly name: string
  /** All of it, in Redis' own protocol. */
  readonly text: string
  /** Whose outcome it is; undefined where nobody asks. */
  readonly place: number | undefined
}

/**
 * Sends commands in one write, and tells once what has become of all that somebody asks about. Beside the driver's own
 * pipelines, which make a dozen objects and promises for each command: here the driver queues, reads and tells of
 * connections that end, and no more.
 */
export function exchange(
  redis: Redis,
  commands: readonly Written[],
  done: (outcomes: readonly Outcome[]) => void,
): void {
  const outcomes: Outcome[] = []
  let open = commands.filter(({ place }) => place !== undefined).length
  const become = (place: number | undefined, error: Error | null, reply: Reply) => {
    if (place === undefined) return
    outcomes[place] = { error, reply }
    open -= 1
    if (open === 0) done(outcomes)
  }
  let together = ''
  const stream = {
    isPipeline: true as const,
    destination: { redis },
    write(text: string | Buffer) {
      together += text
    },
  }
  for (const command of commands) redis.sendCommand(new Sent(command, become), stream)
  if (together !== '') redis.stream.write(together)
}

/** A command as the driver's queue has it. */
class Sent extends Command {
  readonly #text: string

  constructor(
    { name, text, place }: Written,
    become: (place: number | undefined, error: Error | null, reply: Reply) => void,
  ) {
    super(name)
    this.#text = text
    this.resolve = (parsed: unknown) => {
      const reply = decode(parsed)
      if (reply === undefined) become(place, NO_ANSWER, null)
      else become(place, null, reply)
    }
    this.reject = (error) => become(place, error, null)
  }

  override toWritable(): string {
    return this.#text
  }
}

import { Command, type Redis } from 'iovalkey'
import type { Reply } from './connection.ts'
import { NO_ANSWER, type Outcome } from './outcome.ts'
import { decode } from './wire.ts'

/** An encoded command. */
export interface Written {
  readonly name: string
  /** The whole command in the Redis protocol. */
  readonly text: string
  /** The index of the call whose outcome this is; undefined if its reply is ignored. */
  readonly index: number | undefined
}

/**
 * Sends commands in one write and calls back once with the outcomes of all calls. It bypasses the driver's
 * own pipelines, which create a dozen objects and promises per command: here the driver only queues, parses
 * and reports closed connections.
 */
export function exchange(
  redis: Redis,
  commands: readonly Written[],
  done: (outcomes: readonly Outcome[]) => void,
): void {
  const outcomes: Outcome[] = []
  let open = commands.filter(({ index }) => index !== undefined).length
  const become = (index: number | undefined, error: Error | null, reply: Reply) => {
    if (index === undefined) return
    outcomes[index] = { error, reply }
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

/** A command in the form the driver's queue expects. */
class Sent extends Command {
  readonly #text: string

  constructor(
    { name, text, index }: Written,
    become: (index: number | undefined, error: Error | null, reply: Reply) => void,
  ) {
    super(name)
    this.#text = text
    this.resolve = (parsed: unknown) => {
      const reply = decode(parsed)
      if (reply === undefined) become(index, NO_ANSWER, null)
      else become(index, null, reply)
    }
    this.reject = (error) => become(index, error, null)
  }

  override toWritable(): string {
    return this.#text
  }
}

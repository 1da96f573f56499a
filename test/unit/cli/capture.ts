import { PassThrough, Writable } from 'node:stream'
import type { Io } from '../../../src/cli/command.ts'

/** The I/O of one command, which keeps what it wrote. */
export function capture(env: Io['env'] = {}): Io & { out(): string; err(): string } {
  const stdout = new Kept()
  const stderr = new Kept()
  return { stdin: new PassThrough(), stdout, stderr, env, out: () => stdout.text, err: () => stderr.text }
}

class Kept extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

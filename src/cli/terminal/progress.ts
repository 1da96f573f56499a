import type { Io } from '../command.ts'
import { bar } from './figures.ts'

/** Follows long work; `end` is called once, when it is over. */
export interface Progress {
  onProgress(done: number): void
  end(): void
}

const UNSEEN: Progress = { onProgress: () => undefined, end: () => undefined }

/** A bar for a share from 0 to 1, if stderr is a terminal; `end` moves to the next line. */
export function progressOn({ stderr }: Io): Progress {
  if (stderr.isTTY !== true) return UNSEEN
  return {
    onProgress: (done) => stderr.write(`\r${bar(done, 40)} ${Math.round(done * 100)} %`),
    end: () => stderr.write('\n'),
  }
}

/** A running count, if stderr is a terminal, for work whose total is unknown; `end` removes it. */
export function countOn({ stderr }: Io, noun: string): Progress {
  if (stderr.isTTY !== true) return UNSEEN
  return {
    onProgress: (done) => stderr.write(`\r${done.toLocaleString('en-US')} ${noun}`),
    end: () => stderr.write('\r\u001b[K'),
  }
}

/** Says what is about to take long, if stderr is a terminal: work that cannot tell how far it is. */
export function announce({ stderr }: Io, work: string): void {
  if (stderr.isTTY === true) stderr.write(`${work} …\n`)
}

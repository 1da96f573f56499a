import type { Io } from '../command.ts'
import { bar } from '../terminal/figures.ts'

/** Shows the progress of long work if stderr is a terminal; `end` moves to the next line. */
export function progressOn({ stderr }: Io): { onProgress(done: number): void; end(): void } {
  if (stderr.isTTY !== true) return { onProgress: () => undefined, end: () => undefined }
  return {
    onProgress: (done) => stderr.write(`\r${bar(done, 40)} ${Math.round(done * 100)} %`),
    end: () => stderr.write('\n'),
  }
}

import { statSync } from 'node:fs'

/** A text that differs once one of the files was written, replaced or taken away. */
export function stateOf(files: readonly string[]): string {
  return files.map((file) => `${file} ${stateOfOne(file)}`).join('\n')
}

function stateOfOne(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true })
    return `${ino}:${size}:${mtimeNs}`
  } catch {
    // Away, or out of reach: loading it would say why.
    return 'away'
  }
}

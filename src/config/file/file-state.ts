import { statSync } from 'node:fs'

/** A fingerprint that changes whenever one of the files is written, replaced or removed. */
export function stateOf(files: readonly string[]): string {
  return files.map((file) => `${file} ${stateOfOne(file)}`).join('\n')
}

function stateOfOne(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true })
    return `${ino}:${size}:${mtimeNs}`
  } catch {
    // Missing or inaccessible: loading it will say why.
    return 'away'
  }
}

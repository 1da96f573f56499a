import { randomUUID } from 'node:crypto'

/**
 * A unique temporary name for a file being written. A process id is not unique: in a container every process
 * may be number 1.
 */
export function draftName(file: string): string {
  return `${file}.${randomUUID().slice(0, 8)}.tmp`
}

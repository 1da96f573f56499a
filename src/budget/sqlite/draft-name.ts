import { randomUUID } from 'node:crypto'

/** Where a file is written until it is whole. Nobody has had the name: in a container every process may be number 1. */
export function draftName(file: string): string {
  return `${file}.${randomUUID().slice(0, 8)}.tmp`
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A separate directory for a test; `dispose` removes it. */
export function temporaryDirectory(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'trivium-'))
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) }
}

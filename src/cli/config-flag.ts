import { join } from 'node:path'

/** What ships: beside `src/` in a checkout, beside `dist/` in a package. */
const DEFAULT = join(import.meta.dirname, '..', '..', 'config', 'trivium.yaml')

/** The configuration file a command works with: the one named by `--config`, else the default one. */
export function configFlag(named: string | undefined): string {
  return named ?? DEFAULT
}

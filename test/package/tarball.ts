import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'

/** Runs a program to its end. Throws its output if it fails. */
export function runOrThrow(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`)
  return stdout
}

/** What goes into the package besides the compiled code. */
const SOURCES = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'config', 'docs']

const Packed = z.tuple([
  z.object({
    filename: z.string(),
    size: z.number(),
    files: z.array(z.object({ path: z.string(), mode: z.number() })),
  }),
])
export type Tarball = z.infer<typeof Packed>[0] & { readonly path: string }

/**
 * Builds the npm package in a folder of its own, so that `dist` stays as it is for whoever uses it. The
 * console's pages are those that `npm ci` has built.
 */
export function packTarball(folder: string): Tarball {
  for (const source of SOURCES) cpSync(source, join(folder, source), { recursive: true })
  runOrThrow('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')], '.')
  cpSync('dist/console', join(folder, 'dist/console'), { recursive: true })
  const said = runOrThrow('npm', ['pack', '--json', '--ignore-scripts'], folder)
  const [packed] = Packed.parse(JSON.parse(said))
  return { ...packed, path: join(folder, packed.filename) }
}

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ dev: z.boolean().default(false), devOptional: z.boolean().default(false) }),
  ),
})

/**
 * Installs a tarball into an empty folder as `npm install` would, but without a registry: its dependencies are the
 * checkout's, without those for development. Returns the path of its `trivium`.
 */
export function installTarball(tarball: Tarball, folder: string): string {
  const home = join(folder, 'node_modules/trivium-proxy')
  mkdirSync(home, { recursive: true })
  runOrThrow('tar', ['-xzf', tarball.path, '--strip-components=1', '-C', home], '.')
  const { packages } = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  for (const [path, { dev, devOptional }] of Object.entries(packages)) {
    // A package nested in another comes along with it.
    const isOwn = path !== '' && !dev && !devOptional && path.lastIndexOf('node_modules/') === 0
    if (!isOwn || !existsSync(path)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(resolve(path), join(folder, path))
  }
  return join(home, 'dist/main.js')
}

import { execFileSync } from 'node:child_process'
import { accessSync, chownSync, constants, globSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, type Recipe, type Store, StoreProcess } from './store-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

export type { Store } from './store-process.ts'

/**
 * Why tests that need a server are skipped: its program is not installed. False if it is. CI fails on a skip.
 */
export const without = {
  redis: commandOf('redis-server') === undefined ? 'redis-server is not installed' : false,
  postgres: commandOf('postgres') === undefined ? 'PostgreSQL is not installed' : false,
} as const

/** Without persistence (`none`) a restart loses everything; `always` syncs each write before replying. */
export interface RedisOptions {
  readonly persistence?: 'none' | 'everysec' | 'always'
  /** Further arguments of redis-server, such as `--cluster-enabled`, `yes`. */
  readonly args?: readonly string[]
  readonly port?: number
}

export async function startRedis({
  persistence = 'none',
  args = [],
  port,
}: RedisOptions = {}): Promise<Store> {
  const directory = temporaryDirectory()
  const at = port ?? (await freePort())
  const kept = persistence === 'none' ? ['no'] : ['yes', '--appendfsync', persistence]
  const settings = ['--port', String(at), '--bind', '127.0.0.1', '--dir', directory.path, '--save', '']
  const recipe: Recipe = {
    command: required('redis-server'),
    args: [...settings, '--appendonly', ...kept, ...args],
    port: at,
    stopSignal: 'SIGTERM',
  }
  return started(new StoreProcess(recipe), `redis://127.0.0.1:${at}`, at, directory)
}

/** With fsync on, which is the default. User `postgres` without a password, database `postgres`. */
export async function startPostgres({ port }: { readonly port?: number } = {}): Promise<Store> {
  const directory = temporaryDirectory()
  const data = join(directory.path, 'data')
  const at = port ?? (await freePort())
  const user = postgresUser()
  if (user !== undefined) chownSync(directory.path, user.uid, user.gid)
  const make = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C']
  execFileSync(required('initdb'), make, { ...user, cwd: directory.path, stdio: 'pipe' })
  const recipe: Recipe = {
    command: required('postgres'),
    args: ['-D', data, '-p', String(at), '-h', '127.0.0.1', '-k', directory.path],
    port: at,
    user,
    stopSignal: 'SIGINT',
  }
  return started(new StoreProcess(recipe), `postgres://postgres@127.0.0.1:${at}/postgres`, at, directory)
}

async function started(
  server: StoreProcess,
  url: string,
  port: number,
  directory: { dispose(): void },
): Promise<Store> {
  const dispose = async () => {
    await server.kill()
    directory.dispose()
  }
  try {
    await server.start()
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    url,
    port,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    dispose,
  }
}

/** PostgreSQL refuses to run as root; it then runs as the user its package created. */
function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function required(name: string): string {
  const command = commandOf(name)
  if (command === undefined) throw new Error(`${name} is not installed`)
  return command
}

/** Debian keeps PostgreSQL's server programs off the PATH, in one folder per version: the newest is used. */
function commandOf(name: string): string | undefined {
  const onPath = (process.env.PATH ?? '').split(':').map((folder) => join(folder, name))
  const packaged = globSync(`/usr/lib/postgresql/*/bin/${name}`).sort().reverse()
  return [...onPath, ...packaged].find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

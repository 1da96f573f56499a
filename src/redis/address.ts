/** Address and credentials of one Redis server. */
export interface RedisAddress {
  /** Without the brackets of IPv6. */
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** Empty: the server's default user. */
  readonly username: string
  readonly password: string
  /** The database number. */
  readonly database: number
}

const PORT = 6379

/** Parses `rediss://user:password@host:6380/2`. Callers must have validated the format. */
export function parseRedisAddress(url: string): RedisAddress {
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? PORT : Number(port),
    tls: protocol === 'rediss:',
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: Number(pathname.slice(1)),
  }
}

/** `host:port`, which identifies a server and is safe to log. */
export function authorityOf({ host, port }: Pick<RedisAddress, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

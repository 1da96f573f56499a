import { z } from 'zod'

const EXPECTED =
  'expected an address such as redis://localhost:6379, or a list of the addresses of a cluster’s nodes'

const one = () =>
  z
    .url({ protocol: /^rediss?$/, hostname: /^[^\s,]+$/, abort: true })
    .refine((url) => /^(\/\d{0,4})?$/.test(new URL(url).pathname), {
      error: 'only a database number, such as /2, may follow the port',
    })
    .refine((url) => !/[?#]/.test(url), { error: 'must not contain ? or #' })
    .refine(isDecodable, {
      error: 'invalid percent-encoding in user or password; write a literal % as %25',
    })

/** One Redis, or nodes of a cluster, any of which reveals the others. */
export const redisAddress = () =>
  z.union(
    [
      one(),
      z
        .array(one())
        .min(1)
        .refine((urls) => urls.every((url) => /^\/?0?$/.test(pathOf(url))), {
          error: 'a cluster has only one database, so no number may follow the port',
        })
        .refine((urls) => new Set(urls.map(accessOf)).size <= 1, {
          error: 'all nodes of a cluster must have the same protocol, user and password',
        }),
    ],
    { error: EXPECTED },
  )

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : ''
}

function accessOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { protocol, username, password } = new URL(url)
  return `${protocol}//${username}:${password}`
}

function isDecodable(url: string): boolean {
  const { username, password } = new URL(url)
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}

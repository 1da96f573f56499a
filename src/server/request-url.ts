/** A request's URL, taken apart without changing a byte. */
export interface RequestUrl {
  /** From the API's own first segment: `/chat/completions`. */
  readonly path: string
  /** With its question mark; empty if there is none. */
  readonly query: string
  /** The name in `/openai/deployments/…/`. */
  readonly deployment: string | undefined
}

const DEPLOYMENT = /^\/openai\/deployments\/([^/]+)(\/.*)$/
/** The scheme and authority of a request in absolute form (RFC 9112 section 3.2.2). */
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i

/** With or without `/v1`, or Azure's: `/openai/v1/…`, `/openai/deployments/NAME/…`, `/openai/…`. */
export function readUrl(url: string): RequestUrl {
  const target = url.startsWith('/') ? url : url.replace(AUTHORITY, '')
  const mark = target.indexOf('?')
  const path = (mark === -1 ? target : target.slice(0, mark)) || '/'
  const query = mark === -1 ? '' : target.slice(mark)
  if (path.startsWith('/v1/')) return { path: path.slice(3), query, deployment: undefined }
  if (!path.startsWith('/openai/')) return { path, query, deployment: undefined }
  if (path.startsWith('/openai/v1/')) return azure(path.slice('/openai/v1'.length), query, undefined)
  const [, deployment, below] = DEPLOYMENT.exec(path) ?? []
  if (below !== undefined) return azure(below, query, decoded(deployment))
  return azure(path.slice('/openai'.length), query, undefined)
}

/** Drops `api-version`: it is meant for us, and each upstream gets its own. */
function azure(path: string, query: string, deployment: string | undefined): RequestUrl {
  const rest = query
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('api-version='))
  return { path, query: rest.length === 0 ? '' : `?${rest.join('&')}`, deployment }
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return text
  }
}

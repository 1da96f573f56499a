import { setTimeout as pause } from 'node:timers/promises'
import { RequestList } from '../../src/admin/api/answers/request-list.ts'

/** Everything the admin API reveals about past requests, as one text. */
export async function tellEverything(adminUrl: string, token: string): Promise<string> {
  const read = async (path: string) => {
    const response = await fetch(`${adminUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`)
    return text
  }
  const told: string[] = []
  for (const path of [
    '/api/overview?window=24h',
    '/api/savings?window=24h',
    '/api/review?limit=200',
    '/api/agreement',
    '/api/export',
    '/api/export?format=csv',
    '/api/audit',
    '/metrics',
  ])
    told.push(await read(path))
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: string = await read(`/api/requests?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`)
    told.push(page)
    const { data, next_cursor } = RequestList.parse(JSON.parse(page))
    for (const { id } of data) told.push(await read(`/api/requests/${id}`))
    cursor = next_cursor
  }
  return told.join('\n')
}

/** Records the live log from now on. Returns a function that stops it and returns what was received. */
export async function listenIn(adminUrl: string, token: string): Promise<() => Promise<string>> {
  const stop = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  const { body } = await fetch(`${adminUrl}/api/live`, { headers, signal: stop.signal })
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const bytes of body ?? []) text += decoder.decode(bytes, { stream: true })
  })().catch(() => undefined)
  while (!text.includes('retry:')) await pause(5)
  return async () => {
    stop.abort()
    await reading
    return text
  }
}

import OpenAI from 'openai'

/** The major versions of the official client in use, by the names they are installed under. */
const INSTALLED = { 4: 'openai-v4', 5: 'openai-v5', 6: 'openai-v6', 7: 'openai' }

export interface Major {
  readonly name: string
  /** The client's class, including its error classes. */
  readonly Client: typeof OpenAI
}

/** All of them, typed as the newest, whose calls and errors the older ones share. */
export const MAJORS: readonly Major[] = await Promise.all(
  Object.entries(INSTALLED).map(async ([major, name]) => {
    const { default: Client } = await import(name)
    return { name: `openai ${major}`, Client }
  }),
)

/** The newest one, set up like every client of the proxy: base URL and key. */
export function clientOf(baseUrl: string, key = 'sk-test'): OpenAI {
  return new OpenAI({ baseURL: baseUrl, apiKey: key, maxRetries: 0 })
}

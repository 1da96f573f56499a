import { z } from 'zod'
import { timerDuration } from './units.ts'
import { webAddress } from './web-address.ts'

const Timeouts = z.strictObject({
  connect: timerDuration().prefault('5s').describe('Time to establish the connection, including TLS.'),
  first_byte: timerDuration()
    .prefault('120s')
    .describe(
      'Time to the first byte of the response body. Without streaming, that is usually the whole generation.',
    ),
  idle: timerDuration()
    .prefault('60s')
    .describe('Longest gap between two chunks of a response. Waiting for a slow client does not count.'),
  total: timerDuration()
    .prefault('600s')
    .describe(
      'Duration of one attempt, to the end of the response. A request older than this is not tried again.',
    ),
})

const apiKey = z
  .string()
  .refine(
    (key) => !key.includes('…'),
    'is still the placeholder from the documentation: replace it with your own key',
  )
  .refine(
    (key) => /^[ -~…]*$/.test(key),
    'contains a line break or another character that no HTTP header can carry',
  )

export const Upstream = z
  .strictObject({
    base_url: webAddress('; put the key in api_key')
      .refine(
        (url) => !/[?#]/.test(url),
        'must not contain ? or #; for Azure, put the version in api_version',
      )
      .describe(
        'URL under which `/chat/completions` is found, usually ending in `/v1`. For Azure, the resource URL.',
      ),
    api_key: z
      .union([apiKey, z.array(apiKey).min(1)], { error: 'expected a key, or a list of keys' })
      .optional()
      .describe(
        'Key sent upstream; omit if none is needed. With a list, each key takes its share of the requests.',
      ),
    kind: z
      .enum(['openai', 'azure'])
      .prefault('openai')
      .describe('Which vendor’s paths and key header the upstream uses.'),
    api_version: z.string().optional().describe('Azure: the `api-version` sent with every call.'),
    deployments: z
      .record(z.string(), z.string())
      .prefault({})
      .describe('Model names on this upstream, where they differ: `{gpt-4o: my-deployment}`.'),
    timeouts: Timeouts.prefault({}).describe('Time limits for each phase of a call; at most `24d` each.'),
    retries: z
      .int()
      .min(0)
      .max(10)
      .prefault(2)
      .describe('Retries per target, only before the first byte of the response.'),
  })
  .refine(
    ({ kind, base_url, api_version }) =>
      kind !== 'azure' || api_version !== undefined || /\/openai\/v1\/*$/.test(base_url),
    { error: 'azure needs an api_version, or a base_url that ends in /openai/v1', path: ['kind'] },
  )

import { z } from 'zod'
import { webAddress } from './web-address.ts'

export const Alerts = z
  .strictObject({
    webhook: webAddress()
      .optional()
      .describe('URL that receives alerts. Absent: they appear only in the log and the metrics.'),
    secret: z
      .string()
      .min(16)
      .optional()
      .describe(
        'Signs every webhook call; at least 16 characters. After the prefix `whsec_` it is base64, as in Standard Webhooks.',
      ),
  })
  .refine(({ webhook, secret }) => webhook === undefined || secret !== undefined, {
    error: 'a webhook needs a secret, which signs every call',
    path: ['secret'],
  })

import { z } from 'zod'
import { NAME, NAME_EXPECTED } from './team-schema.ts'

export const PersonSettings = z.strictObject({
  name: z.string().regex(NAME, NAME_EXPECTED).describe('Name in the audit log; must be unique.'),
  role: z
    .enum(['viewer', 'reviewer', 'admin'])
    .describe(
      '`viewer` can read, `reviewer` can also label requests and try rules, `admin` can do everything.',
    ),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'expected the SHA-256 of the token: 64 hex digits')
    .toLowerCase()
    .describe('SHA-256 of the person’s token, in hex. `trivium people` generates both.'),
})
export type PersonSettings = z.infer<typeof PersonSettings>

export const People = z.array(PersonSettings).superRefine((people, context) => {
  people.forEach(({ name, sha256 }, index) => {
    const before = people.slice(0, index)
    if (before.some((other) => other.name === name)) {
      context.addIssue({ code: 'custom', path: [index, 'name'], message: `a second "${name}"` })
    }
    const same = before.find((other) => other.sha256 === sha256)
    if (same !== undefined) {
      context.addIssue({ code: 'custom', path: [index, 'sha256'], message: `the same token as ${same.name}` })
    }
  })
})

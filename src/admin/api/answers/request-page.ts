import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { ListedRequest } from './request-list.ts'

const label = z.enum(PROMPT_CLASSES).nullable()

/** A labelling of a request; null means no label. */
export const Labelling = z.strictObject({ at: z.iso.datetime(), by: z.string(), label, was: label })
export type Labelling = z.infer<typeof Labelling>

export const Labellings = z.strictObject({ id: z.string(), label, labels: z.array(Labelling) })
export type Labellings = z.infer<typeof Labellings>

/** One request in full. */
export const RequestPage = z.strictObject({
  row: ListedRequest.extend({
    evidence: z.unknown().describe('What the verdict is based on, as shown by `trivium classify --explain`.'),
    prompt: z.unknown().describe('What the team’s `capture` keeps of the prompt, redacted; null if nothing.'),
  }),
  labels: z.array(Labelling).describe('Changes of its label, oldest first.'),
  conversation: z.array(ListedRequest).describe('Its neighbours in the same conversation, oldest first.'),
})
export type RequestPage = z.infer<typeof RequestPage>

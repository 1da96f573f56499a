import { z } from 'zod'
import { ListedRequest } from './request-list.ts'

const QueuedRequest = ListedRequest.extend({ worth: z.number() })
export type QueuedRequest = z.infer<typeof QueuedRequest>

/** Unlabelled requests from which most can be learnt: the least certain and most costly first. */
export const Review = z.strictObject({
  data: z.array(QueuedRequest),
  next_cursor: z.string().nullable(),
  complete: z.boolean().describe('False while rows in the window are still being searched.'),
})
export type Review = z.infer<typeof Review>

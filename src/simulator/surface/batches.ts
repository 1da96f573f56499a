import { z } from 'zod'
import { answerTo } from '../answers.ts'
import { MODELS, modelNamed } from '../models.ts'
import { tokensOf } from '../tokens.ts'
import { type Answer, type Ask, bodyOf, json, Metadata, newId, notFound, type Operation } from './answer.ts'
import { keepFile } from './files.ts'
import { change, found, type Kind, operationsOf, type Stored } from './shelf.ts'

const batches: Kind = {
  path: '/batches',
  object: 'batch',
  prefix: 'batch_',
  create: z.strictObject({
    input_file_id: z.string(),
    endpoint: z.enum([
      '/v1/chat/completions',
      '/v1/responses',
      '/v1/embeddings',
      '/v1/completions',
      '/v1/moderations',
    ]),
    completion_window: z.literal('24h'),
    metadata: Metadata.optional(),
    output_expires_after: z.unknown().optional(),
  }),
  made: () => ({ status: 'validating', output_file_id: null, error_file_id: null }),
}

export const batchOperations: readonly Operation[] = [
  { method: 'GET', path: '/batches/{id}', answer: look },
  ...operationsOf(batches),
  {
    method: 'POST',
    path: '/batches/{id}/cancel',
    answer: (ask) => {
      bodyOf(ask, z.strictObject({}))
      return json(change(ask, batches, { status: 'cancelling' }))
    },
  },
]

/** A batch is in progress the first time it is retrieved, and completed from then on. */
function look(ask: Ask): Answer {
  const batch = found(ask, batches)
  if (batch.status === 'validating') return json(change(ask, batches, { status: 'in_progress' }))
  return json(batch.status === 'in_progress' ? complete(ask, batch) : batch)
}

const Line = z.looseObject({
  custom_id: z.string(),
  body: z.looseObject({ model: z.string(), messages: z.array(z.unknown()).optional() }),
})

function complete(ask: Ask, batch: Stored): Stored {
  const input = ask.shelf.contentOf(String(batch.input_file_id))
  if (input === undefined) throw notFound('file', String(batch.input_file_id))
  const lines = input
    .toString()
    .split('\n')
    .filter((line) => line !== '')
  const output = lines.map((line) => JSON.stringify(answerLine(ask, Line.parse(JSON.parse(line)))))
  const file = keepFile(
    ask,
    `${batch.id}_output.jsonl`,
    'batch_output',
    Buffer.from(`${output.join('\n')}\n`),
  )
  return change(ask, batches, {
    status: 'completed',
    output_file_id: file.id,
    completed_at: ask.now,
    request_counts: { total: lines.length, completed: lines.length, failed: 0 },
  })
}

/** Batches cost half the model's price. */
function answerLine(ask: Ask, { custom_id, body }: z.infer<typeof Line>): object {
  const model = modelNamed(MODELS, body.model)
  const id = newId(ask, 'batch_req_')
  if (model === undefined) {
    const error = { code: 'model_not_found', message: `The model ${body.model} does not exist` }
    return { id, custom_id, response: null, error }
  }
  const text = answerTo(JSON.stringify(body.messages ?? ''))
  const prompt_tokens = tokensOf(JSON.stringify(body))
  const completion_tokens = tokensOf(text)
  const { input, output } = model.price
  ask.bill.book(ask.call, model.id, (prompt_tokens * input + completion_tokens * output) / 2)
  const usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
  const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }]
  const answer = {
    id: newId(ask, 'chatcmpl-'),
    object: 'chat.completion',
    model: model.dated,
    choices,
    usage,
  }
  return { id, custom_id, response: { status_code: 200, request_id: id, body: answer }, error: null }
}

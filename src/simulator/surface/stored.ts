import { z } from 'zod'
import { invalid } from '../wire-error.ts'
import {
  type Answer,
  type Ask,
  bodyOf,
  checked,
  events,
  json,
  newId,
  type Operation,
  Refused,
} from './answer.ts'
import { formOf } from './form.ts'
import {
  assistants,
  containers,
  conversations,
  evalRuns,
  evals,
  messages,
  NewRun,
  NewVideo,
  Nothing,
  runs,
  SkillFiles,
  skills,
  storeFiles,
  stores,
  threads,
  tuning,
  videos,
} from './kinds.ts'
import { change, create, found, type Kind, operationsOf } from './shelf.ts'

export const storedOperations: readonly Operation[] = [
  ...[tuning, stores, storeFiles, evals, evalRuns, containers, conversations].flatMap(operationsOf),
  inBeta({ method: 'POST', path: runs.path, answer: startRun }),
  ...[assistants, threads, messages, runs].flatMap(operationsOf).map(inBeta),
  cancelling(tuning),
  cancelling(evalRuns),
  inBeta(cancelling(runs)),
  {
    method: 'POST',
    path: '/vector_stores/{id}/search',
    answer: (ask) => {
      found(ask, stores)
      const { query } = bodyOf(ask, Search)
      return json({
        object: 'vector_store.search_results.page',
        search_query: [query].flat(),
        data: [],
        has_more: false,
      })
    },
  },
  ...withForms(skills, SkillFiles, () => ({ default_version: '1' })),
  ...withForms(videos, NewVideo, ({ prompt }) => ({ prompt })),
  {
    method: 'GET',
    path: '/videos/{id}/content',
    answer: (ask) => ({
      status: 200,
      type: 'video/mp4',
      body: Buffer.from(found(ask, videos).id.repeat(1000)),
    }),
  },
]

const Search = z.strictObject({
  query: z.union([z.string(), z.array(z.string())]),
  filters: z.unknown().optional(),
  max_num_results: z.int().optional(),
  ranking_options: z.unknown().optional(),
  rewrite_query: z.boolean().optional(),
})

/** Cancelling has no body, or an empty one. */
function cancelling(kind: Kind): Operation {
  return {
    method: 'POST',
    path: `${kind.path}/{id}/cancel`,
    answer: (ask) => {
      bodyOf(ask, Nothing)
      return json(change(ask, kind, { status: 'cancelled' }))
    },
  }
}

/** Assistants respond only to clients that request version 2. */
function inBeta(operation: Operation): Operation {
  return {
    ...operation,
    answer: (ask) => {
      if (ask.call.headers['openai-beta'] === 'assistants=v2') return operation.answer(ask)
      const message = "You must provide the 'OpenAI-Beta' header to access the Assistants API."
      throw new Refused(invalid(message, null, 'invalid_beta'))
    },
  }
}

function startRun(ask: Ask): Answer {
  const request = bodyOf(ask, NewRun)
  if (request.stream !== true) return create(ask, runs, request)
  const run = {
    id: newId(ask, runs.prefix),
    object: runs.object,
    thread_id: ask.params.thread_id,
    status: 'completed',
  }
  return events([
    { event: 'thread.run.created', data: { ...run, status: 'queued' } },
    { event: 'thread.run.completed', data: run },
    { event: 'done', data: '[DONE]' },
  ])
}

/** A kind that is created by a form. */
function withForms<T extends z.ZodType>(
  kind: Kind,
  schema: T,
  made: (sent: z.infer<T>) => object,
): readonly Operation[] {
  const receive = async (ask: Ask) => create(ask, kind, made(checked(schema, await formOf(ask))))
  const others = operationsOf(kind).filter(({ method, path }) => method !== 'POST' || path !== kind.path)
  return [{ method: 'POST', path: kind.path, answer: receive }, ...others]
}

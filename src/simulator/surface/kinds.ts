import { z } from 'zod'
import { Metadata } from './answer.ts'
import type { Kind } from './shelf.ts'

const text = z.string()
const anything = z.unknown()
const metadata = Metadata.optional()
const Tagged = z.strictObject({ metadata })

export const tuning: Kind = {
  path: '/fine_tuning/jobs',
  object: 'fine_tuning.job',
  prefix: 'ftjob-',
  create: z.strictObject({
    model: text,
    training_file: text,
    validation_file: text.nullish(),
    hyperparameters: anything.optional(),
    integrations: anything.optional(),
    method: anything.optional(),
    seed: z.int().nullish(),
    suffix: text.nullish(),
    metadata,
  }),
  made: () => ({ status: 'queued', result_files: [], fine_tuned_model: null, error: null }),
}

export const stores: Kind = {
  path: '/vector_stores',
  object: 'vector_store',
  prefix: 'vs_',
  create: z.strictObject({
    name: text.optional(),
    description: text.optional(),
    file_ids: z.array(text).optional(),
    chunking_strategy: anything.optional(),
    expires_after: anything.optional(),
    metadata,
  }),
  update: z.strictObject({ name: text.nullish(), expires_after: anything.optional(), metadata }),
  made: () => ({ status: 'completed', usage_bytes: 0, file_counts: { total: 0 } }),
  deleted: 'vector_store.deleted',
}

export const storeFiles: Kind = {
  path: '/vector_stores/{store_id}/files',
  object: 'vector_store.file',
  prefix: 'file-',
  create: z.strictObject({
    file_id: text,
    attributes: anything.optional(),
    chunking_strategy: anything.optional(),
  }),
  update: z.strictObject({ attributes: anything }),
  made: ({ params }) => ({ status: 'completed', vector_store_id: params.store_id }),
  deleted: 'vector_store.file.deleted',
}

const instructed = {
  description: text.nullish(),
  instructions: text.nullish(),
  name: text.nullish(),
  reasoning_effort: text.nullish(),
  response_format: anything.optional(),
  temperature: z.number().nullish(),
  tool_resources: anything.optional(),
  tools: z.array(anything).optional(),
  top_p: z.number().nullish(),
  metadata,
}
export const assistants: Kind = {
  path: '/assistants',
  object: 'assistant',
  prefix: 'asst_',
  create: z.strictObject({ model: text, ...instructed }),
  update: z.strictObject({ model: text.optional(), ...instructed }),
  deleted: 'assistant.deleted',
}

const NewMessage = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: anything,
  attachments: anything.optional(),
  metadata,
})
export const threads: Kind = {
  path: '/threads',
  object: 'thread',
  prefix: 'thread_',
  create: z.strictObject({
    messages: z.array(NewMessage).optional(),
    tool_resources: anything.optional(),
    metadata,
  }),
  update: z.strictObject({ tool_resources: anything.optional(), metadata }),
  deleted: 'thread.deleted',
}
export const messages: Kind = {
  path: '/threads/{thread_id}/messages',
  object: 'thread.message',
  prefix: 'msg_',
  create: NewMessage,
  update: Tagged,
  deleted: 'thread.message.deleted',
}

export const NewRun = z.strictObject({
  assistant_id: text,
  model: text.nullish(),
  stream: z.boolean().nullish(),
  additional_instructions: text.nullish(),
  additional_messages: z.array(NewMessage).nullish(),
  max_completion_tokens: z.int().nullish(),
  max_prompt_tokens: z.int().nullish(),
  parallel_tool_calls: z.boolean().optional(),
  tool_choice: anything.optional(),
  truncation_strategy: anything.optional(),
  ...instructed,
})
export const runs: Kind = {
  path: '/threads/{thread_id}/runs',
  object: 'thread.run',
  prefix: 'run_',
  create: NewRun,
  update: Tagged,
  made: ({ params }) => ({ status: 'queued', thread_id: params.thread_id, usage: null }),
}

export const evals: Kind = {
  path: '/evals',
  object: 'eval',
  prefix: 'eval_',
  create: z.strictObject({
    name: text.optional(),
    data_source_config: anything,
    testing_criteria: z.array(anything),
    metadata,
  }),
  update: z.strictObject({ name: text.optional(), metadata }),
  deleted: 'eval.deleted',
}
export const evalRuns: Kind = {
  path: '/evals/{eval_id}/runs',
  object: 'eval.run',
  prefix: 'evalrun_',
  create: z.strictObject({ name: text.optional(), data_source: anything, metadata }),
  made: ({ params }) => ({ status: 'queued', eval_id: params.eval_id }),
  deleted: 'eval.run.deleted',
}

export const containers: Kind = {
  path: '/containers',
  object: 'container',
  prefix: 'cntr_',
  create: z.strictObject({
    name: text,
    expires_after: anything.optional(),
    file_ids: z.array(text).optional(),
    memory_limit: text.optional(),
    network_policy: anything.optional(),
    skills: anything.optional(),
  }),
  made: () => ({ status: 'running' }),
  deleted: 'container.deleted',
}

export const conversations: Kind = {
  path: '/conversations',
  object: 'conversation',
  prefix: 'conv_',
  create: z.strictObject({ items: z.array(anything).nullish(), metadata }),
  update: z.strictObject({ metadata: Metadata }),
  deleted: 'conversation.deleted',
}

export const Nothing = z.strictObject({})
export const SkillFiles = z.strictObject({
  files: z.union([z.instanceof(File), z.array(z.instanceof(File))]),
})
export const skills: Kind = {
  path: '/skills',
  object: 'skill',
  prefix: 'skill_',
  create: Nothing,
  update: z.strictObject({ default_version: text }),
  deleted: 'skill.deleted',
}

export const NewVideo = z.strictObject({
  prompt: text,
  model: text.optional(),
  seconds: text.optional(),
  size: text.optional(),
  input_reference: z.union([z.instanceof(Blob), text]).optional(),
})
export const videos: Kind = {
  path: '/videos',
  object: 'video',
  prefix: 'video_',
  create: NewVideo,
  made: () => ({ status: 'queued', progress: 0 }),
  deleted: 'video.deleted',
}

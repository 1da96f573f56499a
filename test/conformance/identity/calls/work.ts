import type { Calls } from '../call.ts'

const run = { assistant_id: 'asst_1' }
const inThread = { thread_id: 'thread_1' }
const grader = {
  type: 'string_check' as const,
  name: 'same',
  input: '{{sample.output_text}}',
  operation: 'eq' as const,
  reference: 'yes',
}

/** Work that runs at the vendor: training, evaluation, assistants and their threads. */
export const WORK: Calls = {
  'fineTuning.jobs.create': (client) =>
    client.fineTuning.jobs.create({ model: 'gpt-4o-mini', training_file: 'file-1' }),
  'fineTuning.jobs.retrieve': (client) => client.fineTuning.jobs.retrieve('ftjob-1'),
  'fineTuning.jobs.list': (client) =>
    client.fineTuning.jobs.list({ limit: 2, metadata: { team: 'research' } }),
  'fineTuning.jobs.cancel': (client) => client.fineTuning.jobs.cancel('ftjob-1'),
  'fineTuning.jobs.listEvents': (client) => client.fineTuning.jobs.listEvents('ftjob-1', { limit: 9 }),
  'fineTuning.jobs.pause': (client) => client.fineTuning.jobs.pause('ftjob-1'),
  'fineTuning.jobs.resume': (client) => client.fineTuning.jobs.resume('ftjob-1'),
  'fineTuning.jobs.checkpoints.list': (client) => client.fineTuning.jobs.checkpoints.list('ftjob-1'),
  'fineTuning.checkpoints.permissions.create': (client) =>
    client.fineTuning.checkpoints.permissions.create('ft:gpt-4o-mini:acme:weather:B7R9VjQd', {
      project_ids: ['proj_1'],
    }),
  'fineTuning.checkpoints.permissions.delete': (client) =>
    client.fineTuning.checkpoints.permissions.delete('cp_1', {
      fine_tuned_model_checkpoint: 'ft:gpt-4o-mini:acme:weather:B7R9VjQd',
    }),
  'fineTuning.alpha.graders.run': (client) =>
    client.fineTuning.alpha.graders.run({ grader, model_sample: 'yes' }),
  'fineTuning.alpha.graders.validate': (client) => client.fineTuning.alpha.graders.validate({ grader }),
  'evals.create': (client) =>
    client.evals.create({
      data_source_config: { type: 'custom', item_schema: { type: 'object' } },
      testing_criteria: [grader],
    }),
  'evals.retrieve': (client) => client.evals.retrieve('eval_1'),
  'evals.update': (client) => client.evals.update('eval_1', { name: 'second' }),
  'evals.list': (client) => client.evals.list({ order_by: 'updated_at', limit: 4 }),
  'evals.delete': (client) => client.evals.delete('eval_1'),
  'evals.runs.create': (client) =>
    client.evals.runs.create('eval_1', {
      data_source: { type: 'jsonl', source: { type: 'file_id', id: 'file-1' } },
    }),
  'evals.runs.retrieve': (client) => client.evals.runs.retrieve('run_1', { eval_id: 'eval_1' }),
  'evals.runs.list': (client) => client.evals.runs.list('eval_1', { status: 'completed' }),
  'evals.runs.delete': (client) => client.evals.runs.delete('run_1', { eval_id: 'eval_1' }),
  'evals.runs.cancel': (client) => client.evals.runs.cancel('run_1', { eval_id: 'eval_1' }),
  'evals.runs.outputItems.retrieve': (client) =>
    client.evals.runs.outputItems.retrieve('item_1', { eval_id: 'eval_1', run_id: 'run_1' }),
  'evals.runs.outputItems.list': (client) =>
    client.evals.runs.outputItems.list('run_1', { eval_id: 'eval_1', status: 'fail' }),
  'beta.assistants.create': (client) =>
    client.beta.assistants.create({ model: 'gpt-4o', instructions: 'Be brief.' }),
  'beta.assistants.retrieve': (client) => client.beta.assistants.retrieve('asst_1'),
  'beta.assistants.update': (client) => client.beta.assistants.update('asst_1', { name: 'Ada' }),
  'beta.assistants.list': (client) => client.beta.assistants.list({ limit: 1 }),
  'beta.assistants.delete': (client) => client.beta.assistants.delete('asst_1'),
  'beta.threads.create': (client) => client.beta.threads.create(),
  'beta.threads.retrieve': (client) => client.beta.threads.retrieve('thread_1'),
  'beta.threads.update': (client) => client.beta.threads.update('thread_1', { metadata: { a: 'b' } }),
  'beta.threads.delete': (client) => client.beta.threads.delete('thread_1'),
  'beta.threads.createAndRun': (client) => client.beta.threads.createAndRun(run),
  'beta.threads.createAndRun streamed': async (client) => {
    for await (const _ of await client.beta.threads.createAndRun({ ...run, stream: true }));
  },
  'beta.threads.messages.create': (client) =>
    client.beta.threads.messages.create('thread_1', { role: 'user', content: 'Hello' }),
  'beta.threads.messages.retrieve': (client) => client.beta.threads.messages.retrieve('msg_1', inThread),
  'beta.threads.messages.update': (client) =>
    client.beta.threads.messages.update('msg_1', { ...inThread, metadata: {} }),
  'beta.threads.messages.list': (client) =>
    client.beta.threads.messages.list('thread_1', { run_id: 'run_1' }),
  'beta.threads.messages.delete': (client) => client.beta.threads.messages.delete('msg_1', inThread),
  'beta.threads.runs.create': (client) =>
    client.beta.threads.runs.create('thread_1', {
      ...run,
      include: ['step_details.tool_calls[*].file_search.results[*].content'],
    }),
  'beta.threads.runs.create streamed': async (client) => {
    for await (const _ of await client.beta.threads.runs.create('thread_1', { ...run, stream: true }));
  },
  'beta.threads.runs.retrieve': (client) => client.beta.threads.runs.retrieve('run_1', inThread),
  'beta.threads.runs.update': (client) =>
    client.beta.threads.runs.update('run_1', { ...inThread, metadata: {} }),
  'beta.threads.runs.list': (client) => client.beta.threads.runs.list('thread_1', { order: 'asc' }),
  'beta.threads.runs.cancel': (client) => client.beta.threads.runs.cancel('run_1', inThread),
  'beta.threads.runs.submitToolOutputs': (client) =>
    client.beta.threads.runs.submitToolOutputs('run_1', {
      ...inThread,
      tool_outputs: [{ tool_call_id: 'call_1', output: 'sunny' }],
    }),
  'beta.threads.runs.steps.retrieve': (client) =>
    client.beta.threads.runs.steps.retrieve('step_1', { ...inThread, run_id: 'run_1' }),
  'beta.threads.runs.steps.list': (client) =>
    client.beta.threads.runs.steps.list('run_1', { ...inThread, limit: 3 }),
  'realtime.clientSecrets.create': (client) =>
    client.realtime.clientSecrets.create({ session: { type: 'realtime' } }),
}

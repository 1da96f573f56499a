import assert from 'node:assert/strict'
import type OpenAI from 'openai'
import { toFile } from 'openai'

/** A complete use of one family of API endpoints; fails if a response is not as expected. */
export interface Program {
  readonly endpoint: string
  /** The first major version of the client that supports it. */
  readonly since?: number
  run(client: OpenAI, major: number): Promise<void>
}

const text = (name: string, words: string) => toFile(Buffer.from(words), name)

/** Older majors call it `del`, newer ones `delete`. */
async function remove(resource: object, ...args: readonly unknown[]): Promise<void> {
  const method: unknown = Reflect.get(resource, 'delete') ?? Reflect.get(resource, 'del')
  assert.ok(typeof method === 'function')
  const answer: unknown = await Reflect.apply(method, resource, args)
  assert.equal(typeof answer === 'object' && answer !== null && Reflect.get(answer, 'deleted'), true)
}

/** Since major 5, the ids of parents are passed in an object after the object's own id. */
function below(major: number, id: string, name: string, parent: string): readonly unknown[] {
  return major < 5 ? [parent, id] : [id, { [name]: parent }]
}

async function call(
  resource: object,
  method: string,
  args: readonly unknown[],
): Promise<Record<string, unknown>> {
  const found: unknown = Reflect.get(resource, method)
  assert.ok(typeof found === 'function', method)
  return Reflect.apply(found, resource, args)
}

export const PROGRAMS: readonly Program[] = [
  {
    endpoint: 'completions',
    async run(client) {
      const ask = { model: 'gpt-3.5-turbo-instruct', prompt: ['Say this.', 'And that.'], max_tokens: 5, n: 2 }
      const answer = await client.completions.create(ask)
      assert.equal(answer.choices.length, 4)
      let words = ''
      for await (const chunk of await client.completions.create({ ...ask, stream: true })) {
        words += chunk.choices[0]?.text
      }
      assert.ok(words.length > 0)
    },
  },
  {
    endpoint: 'moderations',
    async run(client) {
      const answer = await client.moderations.create({ input: ['fine', 'fine too'] })
      assert.equal(answer.results.length, 2)
    },
  },
  {
    endpoint: 'images',
    async run(client) {
      const drawn = await client.images.generate({ model: 'gpt-image-1-mini', prompt: 'A pixel', n: 2 })
      assert.equal(drawn.data?.length, 2)
      const image = await text('pixel.png', 'not quite a picture')
      const edited = await client.images.edit({ model: 'gpt-image-1-mini', prompt: 'Redder', image })
      assert.ok(edited.data?.[0]?.b64_json)
      const varied = await client.images.createVariation({ image, model: 'dall-e-2' })
      assert.ok(varied.data?.[0]?.url)
    },
  },
  {
    endpoint: 'audio',
    async run(client) {
      const speech = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' })
      assert.equal((await speech.arrayBuffer()).byteLength, 64 * 5)
      const file = await text('sound.mp3', 'la la la')
      const heard = await client.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file })
      assert.match(heard.text, /8 bytes/)
      const plain = await client.audio.translations.create({
        model: 'whisper-1',
        file: await text('sound.mp3', 'la'),
        response_format: 'text',
      })
      assert.match(String(plain), /2 bytes/)
    },
  },
  {
    endpoint: 'files',
    async run(client) {
      const file = await client.files.create({ file: await text('a b.jsonl', '{}\n'), purpose: 'batch' })
      assert.equal((await client.files.retrieve(file.id)).filename, 'a b.jsonl')
      assert.equal(await (await client.files.content(file.id)).text(), '{}\n')
      const page = await client.files.list({ limit: 5, order: 'asc' })
      assert.ok(page.data.some(({ id }) => id === file.id))
      await remove(client.files, file.id)
    },
  },
  {
    endpoint: 'uploads',
    async run(client) {
      const upload = await client.uploads.create({
        filename: 'x.txt',
        bytes: 6,
        mime_type: 'text/plain',
        purpose: 'assistants',
      })
      const first = await client.uploads.parts.create(upload.id, { data: await text('blob', 'abc') })
      const second = await client.uploads.parts.create(upload.id, { data: await text('blob', 'def') })
      const done = await client.uploads.complete(upload.id, { part_ids: [first.id, second.id] })
      assert.equal(done.file?.bytes, 6)
      const other = await client.uploads.create({
        filename: 'y.txt',
        bytes: 1,
        mime_type: 'text/plain',
        purpose: 'assistants',
      })
      assert.equal((await client.uploads.cancel(other.id)).status, 'cancelled')
    },
  },
  {
    endpoint: 'fine_tuning',
    async run(client) {
      const job = await client.fineTuning.jobs.create({ model: 'gpt-4o-mini', training_file: 'file-1' })
      assert.equal((await client.fineTuning.jobs.retrieve(job.id)).status, 'queued')
      assert.equal((await client.fineTuning.jobs.cancel(job.id)).status, 'cancelled')
      assert.ok((await client.fineTuning.jobs.list({ limit: 2 })).data.length > 0)
    },
  },
  {
    endpoint: 'vector_stores',
    async run(client, major) {
      const store = await client.vectorStores.create({ name: 'docs', metadata: { a: 'é' } })
      const file = await client.vectorStores.files.create(store.id, { file_id: 'file-1' })
      await call(client.vectorStores.files, 'retrieve', below(major, file.id, 'vector_store_id', store.id))
      await client.vectorStores.search(store.id, { query: 'what?' })
      await remove(client.vectorStores.files, ...below(major, file.id, 'vector_store_id', store.id))
      await remove(client.vectorStores, store.id)
    },
  },
  {
    endpoint: 'assistants',
    async run(client, major) {
      const { assistants, threads } = client.beta
      const assistant = await assistants.create({ model: 'gpt-4o' })
      const thread = await threads.create({})
      const message = await threads.messages.create(thread.id, { role: 'user', content: 'Hello' })
      await call(threads.messages, 'retrieve', below(major, message.id, 'thread_id', thread.id))
      const run = await threads.runs.create(thread.id, { assistant_id: assistant.id })
      const cancelled = await call(threads.runs, 'cancel', below(major, run.id, 'thread_id', thread.id))
      assert.equal(cancelled.status, 'cancelled')
      const events: string[] = []
      const stream = await threads.runs.create(thread.id, { assistant_id: assistant.id, stream: true })
      for await (const { event } of stream) events.push(event)
      assert.deepEqual(events, ['thread.run.created', 'thread.run.completed'])
      await remove(threads, thread.id)
      await remove(assistants, assistant.id)
    },
  },
  {
    endpoint: 'evals',
    async run(client, major) {
      const found = await client.evals.create({
        data_source_config: { type: 'custom', item_schema: {} },
        testing_criteria: [],
      })
      const data_source = { type: 'jsonl' as const, source: { type: 'file_id' as const, id: 'file-1' } }
      const run = await client.evals.runs.create(found.id, { data_source })
      await remove(client.evals.runs, ...below(major, run.id, 'eval_id', found.id))
      await remove(client.evals, found.id)
    },
  },
  {
    endpoint: 'containers',
    async run(client) {
      const container = await client.containers.create({ name: 'box' })
      assert.equal((await client.containers.retrieve(container.id)).status, 'running')
      const page = await client.containers.list({ limit: 1 })
      assert.equal(page.data.length, 1)
    },
  },
  {
    endpoint: 'skills',
    since: 6,
    async run(client) {
      const skill = await client.skills.create({ files: [await text('SKILL.md', '# Skill')] })
      assert.equal((await client.skills.retrieve(skill.id)).id, skill.id)
      await remove(client.skills, skill.id)
    },
  },
  {
    endpoint: 'videos',
    since: 6,
    async run(client) {
      const video = await client.videos.create({ prompt: 'A pixel that moves' })
      const content = await client.videos.downloadContent(video.id)
      assert.equal((await content.arrayBuffer()).byteLength, video.id.length * 1000)
      await remove(client.videos, video.id)
    },
  },
]

import { binaryFile, type Calls, textFile } from '../call.ts'

/** Objects stored with the vendor: files, uploads, batches, vector stores, containers, skills. */
export const STORAGE: Calls = {
  'files.create': async (client) => client.files.create({ file: await textFile(), purpose: 'batch' }),
  'files.create binary': async (client) =>
    client.files.create({
      file: await binaryFile('"quoted" 长城.bin', 'application/octet-stream'),
      purpose: 'user_data',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    }),
  'files.retrieve': (client) => client.files.retrieve('file-a b/ç'),
  'files.list': (client) => client.files.list({ purpose: 'batch', limit: 100, order: 'desc' }),
  'files.delete': (client) => client.files.delete('file-1'),
  'files.content': async (client) => (await client.files.content('file-1')).arrayBuffer(),
  'uploads.create': (client) =>
    client.uploads.create({
      bytes: 512,
      filename: 'a.bin',
      mime_type: 'application/octet-stream',
      purpose: 'assistants',
    }),
  'uploads.cancel': (client) => client.uploads.cancel('upload_1'),
  'uploads.complete': (client) => client.uploads.complete('upload_1', { part_ids: ['part_1', 'part_2'] }),
  'uploads.parts.create': async (client) =>
    client.uploads.parts.create('upload_1', { data: await binaryFile('part', 'application/octet-stream') }),
  'batches.create': (client) =>
    client.batches.create({
      input_file_id: 'file-1',
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    }),
  'batches.retrieve': (client) => client.batches.retrieve('batch_1'),
  'batches.list': (client) => client.batches.list({ after: 'batch_0', limit: 7 }),
  'batches.cancel': (client) => client.batches.cancel('batch_1'),
  'vectorStores.create': (client) => client.vectorStores.create({ name: 'shelf', file_ids: ['file-1'] }),
  'vectorStores.retrieve': (client) => client.vectorStores.retrieve('vs_1'),
  'vectorStores.update': (client) => client.vectorStores.update('vs_1', { name: 'other shelf' }),
  'vectorStores.list': (client) => client.vectorStores.list({ before: 'vs_9' }),
  'vectorStores.delete': (client) => client.vectorStores.delete('vs_1'),
  'vectorStores.search': (client) =>
    client.vectorStores.search('vs_1', { query: 'lamps', max_num_results: 3 }),
  'vectorStores.files.create': (client) => client.vectorStores.files.create('vs_1', { file_id: 'file-1' }),
  'vectorStores.files.retrieve': (client) =>
    client.vectorStores.files.retrieve('file-1', { vector_store_id: 'vs_1' }),
  'vectorStores.files.update': (client) =>
    client.vectorStores.files.update('file-1', {
      vector_store_id: 'vs_1',
      attributes: { page: 3, kept: true },
    }),
  'vectorStores.files.list': (client) => client.vectorStores.files.list('vs_1', { filter: 'completed' }),
  'vectorStores.files.delete': (client) =>
    client.vectorStores.files.delete('file-1', { vector_store_id: 'vs_1' }),
  'vectorStores.files.content': (client) =>
    client.vectorStores.files.content('file-1', { vector_store_id: 'vs_1' }),
  'vectorStores.files.upload': async (client) => client.vectorStores.files.upload('vs_1', await textFile()),
  'vectorStores.fileBatches.create': (client) =>
    client.vectorStores.fileBatches.create('vs_1', { file_ids: ['file-1', 'file-2'] }),
  'vectorStores.fileBatches.retrieve': (client) =>
    client.vectorStores.fileBatches.retrieve('vsfb_1', { vector_store_id: 'vs_1' }),
  'vectorStores.fileBatches.cancel': (client) =>
    client.vectorStores.fileBatches.cancel('vsfb_1', { vector_store_id: 'vs_1' }),
  'vectorStores.fileBatches.listFiles': (client) =>
    client.vectorStores.fileBatches.listFiles('vsfb_1', { vector_store_id: 'vs_1', order: 'asc' }),
  'containers.create': (client) => client.containers.create({ name: 'box', file_ids: ['file-1'] }),
  'containers.retrieve': (client) => client.containers.retrieve('cntr_1'),
  'containers.list': (client) => client.containers.list({ order: 'desc' }),
  'containers.delete': (client) => client.containers.delete('cntr_1'),
  'containers.files.create': async (client) =>
    client.containers.files.create('cntr_1', { file: await textFile('a.txt') }),
  'containers.files.create by id': (client) =>
    client.containers.files.create('cntr_1', { file_id: 'file-1' }),
  'containers.files.retrieve': (client) =>
    client.containers.files.retrieve('cfile_1', { container_id: 'cntr_1' }),
  'containers.files.list': (client) => client.containers.files.list('cntr_1'),
  'containers.files.delete': (client) =>
    client.containers.files.delete('cfile_1', { container_id: 'cntr_1' }),
  'containers.files.content.retrieve': (client) =>
    client.containers.files.content.retrieve('cfile_1', { container_id: 'cntr_1' }),
  'skills.create': async (client) =>
    client.skills.create({ files: [await textFile('SKILL.md'), await textFile('run.sh')] }),
  'skills.retrieve': (client) => client.skills.retrieve('skill_1'),
  'skills.update': (client) => client.skills.update('skill_1', { default_version: '2' }),
  'skills.list': (client) => client.skills.list(),
  'skills.delete': (client) => client.skills.delete('skill_1'),
  'skills.content.retrieve': (client) => client.skills.content.retrieve('skill_1'),
  'skills.versions.create': async (client) =>
    client.skills.versions.create('skill_1', { files: await textFile('SKILL.md') }),
  'skills.versions.list': (client) => client.skills.versions.list('skill_1'),
}

/** The families of the API, as `endpoints:` of a team, rows of the ledger and metrics name them. */
export const ENDPOINTS = [
  'chat',
  'responses',
  'embeddings',
  'completions',
  'moderations',
  'images',
  'audio',
  'files',
  'uploads',
  'batches',
  'fine_tuning',
  'vector_stores',
  'assistants',
  'evals',
  'containers',
  'skills',
  'videos',
  'models',
  'other',
] as const
export type Endpoint = (typeof ENDPOINTS)[number]

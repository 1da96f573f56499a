import { z } from 'zod'
import { type Answer, type Ask, bodyOf, checked, json, newId, notFound, type Operation } from './answer.ts'
import { formOf } from './form.ts'
import { change, found, type Kind, operationsOf } from './shelf.ts'

const Expiry = z.strictObject({ anchor: z.literal('created_at'), seconds: z.coerce.number().int() })

/** Forms encode nested fields as `expires_after[seconds]`. */
const NewFile = z.strictObject({
  file: z.instanceof(File),
  purpose: z.string(),
  'expires_after[anchor]': z.string().optional(),
  'expires_after[seconds]': z.string().optional(),
})
const NewUpload = z.strictObject({
  filename: z.string(),
  purpose: z.string(),
  bytes: z.int(),
  mime_type: z.string(),
  expires_after: Expiry.optional(),
})
const NewPart = z.strictObject({ data: z.instanceof(Blob) })
const Completion = z.strictObject({ part_ids: z.array(z.string()).min(1), md5: z.string().optional() })
const Nothing = z.strictObject({})

const files: Kind = {
  path: '/files',
  object: 'file',
  prefix: 'file-',
  create: Nothing,
  deleted: 'file',
}
const uploads: Kind = {
  path: '/uploads',
  object: 'upload',
  prefix: 'upload_',
  create: NewUpload,
  made: ({ now }) => ({ status: 'pending', expires_at: now + 3600 }),
}

export const fileOperations: readonly Operation[] = [
  { method: 'POST', path: files.path, answer: receive },
  ...operationsOf(files).filter(({ method }) => method !== 'POST'),
  { method: 'GET', path: '/files/{id}/content', answer: content },
  ...operationsOf(uploads),
  { method: 'POST', path: '/uploads/{id}/parts', answer: receivePart },
  { method: 'POST', path: '/uploads/{id}/complete', answer: complete },
  {
    method: 'POST',
    path: '/uploads/{id}/cancel',
    answer: (ask) => {
      bodyOf(ask, Nothing)
      return json(change(ask, uploads, { status: 'cancelled' }))
    },
  },
]

async function receive(ask: Ask): Promise<Answer> {
  const { file, purpose } = checked(NewFile, await formOf(ask))
  return json(keepFile(ask, file.name, purpose, Buffer.from(await file.arrayBuffer())))
}

/** Stores a file and returns its object. */
export function keepFile(ask: Ask, filename: string, purpose: string, bytes: Buffer) {
  const id = newId(ask, files.prefix)
  ask.shelf.keep(id, bytes)
  return ask.shelf.put(`/files/${id}`, {
    id,
    object: 'file',
    bytes: bytes.length,
    created_at: ask.now,
    filename,
    purpose,
    status: 'processed',
  })
}

function content(ask: Ask): Answer {
  const { id } = found(ask, files)
  const body = ask.shelf.contentOf(id)
  if (body === undefined) throw notFound('file', id)
  return { status: 200, type: 'application/octet-stream', body }
}

async function receivePart(ask: Ask): Promise<Answer> {
  const upload = found(ask, uploads)
  const { data } = checked(NewPart, await formOf(ask))
  const id = newId(ask, 'part_')
  ask.shelf.keep(id, Buffer.from(await data.arrayBuffer()))
  return json({ id, object: 'upload.part', created_at: ask.now, upload_id: upload.id })
}

function complete(ask: Ask): Answer {
  const upload = found(ask, uploads)
  const { part_ids: parts } = bodyOf(ask, Completion)
  const bytes = parts.map((id) => {
    const part = ask.shelf.contentOf(id)
    if (part === undefined) throw notFound('part', id)
    return part
  })
  const file = keepFile(ask, String(upload.filename), String(upload.purpose), Buffer.concat(bytes))
  return json(change(ask, uploads, { status: 'completed', file }))
}

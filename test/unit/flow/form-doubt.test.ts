import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import type OpenAI from 'openai'
import { readFields } from '../../../src/flow/forward/fields.ts'
import { MAJORS } from '../../support/openai-majors.ts'

const TYPE = 'multipart/form-data; boundary=b1'

/** A form of these parts, each given as its header lines and its value. */
function form(...parts: readonly (readonly [head: string | readonly string[], value: string])[]): string {
  const written = parts.map(([head, value]) => `--b1\r\n${[head].flat().join('\r\n')}\r\n\r\n${value}\r\n`)
  return `${written.join('')}--b1--\r\n`
}

const named = (parameters: string) => `Content-Disposition: form-data; ${parameters}`
const MODEL = [named('name="model"'), 'whisper-1'] as const
const FILE = [[named('name="file"; filename="a.mp3"'), 'Content-Type: audio/mpeg'], 'la\r\n\r\nla'] as const

function doubt(body: string, type = TYPE) {
  return readFields(Buffer.from(body, 'latin1'), type, true).doubt
}

const uploads: { readonly type: string; readonly body: Buffer }[] = []
const upstream = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.once('end', () => {
    uploads.push({ type: request.headers['content-type'] ?? '', body: Buffer.concat(chunks) })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"la"}')
  })
})
upstream.listen(0, '127.0.0.1')
await once(upstream, 'listening')
after(() => {
  upstream.close()
  upstream.closeAllConnections()
})
const address = upstream.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

for (const { name, Client } of MAJORS) {
  test(`the forms of ${name} are unambiguous and pass unchanged`, async () => {
    const client: OpenAI = new Client({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'sk-test' })
    uploads.length = 0
    const file = new File(['la\r\n--b1\r\nla'], 'Ein "Lied" \\ é.mp3', { type: 'audio/mpeg' })
    const image = [new File(['x'], 'x.png', { type: 'image/png' }), new File(['y'], 'y.png')]
    await client.audio.transcriptions.create({
      file,
      model: 'whisper-1',
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
      chunking_strategy: { type: 'server_vad' },
    })
    await client.images.edit({ image, prompt: 'Größer\r\nplease', model: 'gpt-image-1', n: 2 })
    assert.equal(uploads.length, 2)
    for (const { type, body } of uploads) {
      const read = readFields(body, type, true)
      assert.equal(read.doubt, undefined, body.toString())
      assert.equal(read.body, body)
      assert.ok(read.model === 'whisper-1' || (read.model === 'gpt-image-1' && read.answers === 2))
    }
  })
}

const PROMPT = `${named('name="prompt"')}\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\nGr\u00f6\u00dfe`
const typed = (type: string, value = 'whisper-1') => form(FILE, [[MODEL[0], `Content-Type: ${type}`], value])
const titled = (title: string) => form([named(`name="file"; ${title}`), 'la'], MODEL)

/** As Python's httpx and aiohttp, curl, .NET, Go, okhttp, Retrofit, Apache HttpClient and Spring write them. */
const OTHERS: readonly (readonly [form: string, type?: string])[] = [
  [form(FILE, MODEL).replace(/\r\n$/, '')],
  [
    form(
      [named('name=model'), 'whisper-1'],
      [named("name=file; filename=a.mp3; filename*=utf-8''a.mp3"), 'la'],
    ),
  ],
  [form(FILE, MODEL), 'multipart/form-data; boundary="b1"'],
  [
    form([
      [...[MODEL[0]].flat(), 'Content-Type: text/plain; charset=utf-8', 'Content-Length: 9'],
      'whisper-1',
    ]),
  ],
  [form([[named('name="model"'), 'Content-Transfer-Encoding: binary'], 'whisper-1'])],
  [`\r\n${form(MODEL)}\r\n`],
  [form([named('name="file"; filename="C:\\a.mp3"'), 'la'], MODEL)],
  [
    form(
      [named('name="image[]"; filename="a.png"'), 'x'],
      [named('name="image[]"; filename="b.png"'), 'y'],
      MODEL,
    ),
  ],
  [form(FILE, MODEL), `${TYPE}; charset=ISO-8859-1`],
  [form(FILE, MODEL), 'multipart/form-data;charset=UTF-8;boundary=b1'],
  [form(FILE, MODEL), 'Multipart/Form-Data; Boundary="b1";charset="utf-8"; '],
  [form(FILE, MODEL), `${TYPE};`],
  [typed('text/plain; charset=ISO-8859-1')],
  [typed('text/plain;charset=windows-1252')],
  [typed('multipart/form-data; charset=utf-8')],
  [typed('application/octet-stream')],
  [typed('application/json; charset=UTF-8')],
  [typed('text/plain').replace('--b1--', `--b1\r\n${PROMPT}\r\n--b1--`)],
  [titled('filename="\u00c3\u00a4 \\"quoted\\" \\\\.mp3"')],
  [titled('filename="C:\\a\\b\\\\c.mp3"')],
  [titled('filename="ends in a backslash\\\\"')],
  [titled(`filename="a \\"b\\".mp3"; filename*=UTF-8''a%20%22b%22.mp3`)],
  [titled(`filename*="utf-8''%C3%A4%22; name=x.mp3"`)],
  [titled('filename="a%22; name=%22model%22.mp3"')],
  [form([['X-Part: a; name=x; filename=y', ...[MODEL[0]].flat()], 'whisper-1'])],
]

test('the forms of other clients are unambiguous', () => {
  for (const [body, type] of OTHERS) {
    assert.equal(doubt(body, type), undefined, body)
    assert.equal(readFields(Buffer.from(body), type ?? TYPE, true).model, 'whisper-1', body)
  }
})

/** Ways to hide a second model that some parser would accept. */
const HIDDEN: Readonly<Record<string, readonly [form: string, type?: string]>> = {
  'in another case': [form(MODEL, [named('name="Model"'), 'tts-1'])],
  'with a backslash': [form(MODEL, [named('name="mod\\el"'), 'tts-1'])],
  'with escapes': [form(MODEL, [named('name="mod%65l"'), 'tts-1'])],
  'with brackets': [form(MODEL, [named('name="model[]"'), 'tts-1'])],
  'with blanks': [form(MODEL, [named('name=" model"'), 'tts-1'])],
  'with a long s': [form(MODEL, [named('name="be\u00c5\u00bft_of"'), '9'])],
  'in full width': [form(MODEL, [named(Buffer.from('name="ｍodel"').toString('latin1')), 'tts-1'])],
  'with single quotes': [form(MODEL, [named("name='model'"), 'tts-1'])],
  'as a second name': [form(MODEL, [named('name="x"; name="model"'), 'tts-1'])],
  'as a name in another spelling': [form(MODEL, [named(`name="x"; name*=utf-8''model`), 'tts-1'])],
  'as a name in capitals': [form(MODEL, [named('name="x"; NAME="model"'), 'tts-1'])],
  'behind a quote within a file name': [
    form(MODEL, [named('name="x"; filename="a\\"; name="model"'), 'tts-1']),
  ],
  'behind an escaped quote': [titled('filename="a\\"; name=\\"model\\""')],
  'behind an escaped quote, without quotes': [titled('filename="a\\"; name=model; x=\\""')],
  'behind an escaped quote, with a blank': [titled('filename="a\\" ;name = model"')],
  'in another spelling behind an escaped quote': [titled(`filename="a\\"; name*=utf-8''model"`)],
  'before a quote that two find in different places': [titled('filename="a\\"')],
  'behind a file name with escapes': [form([named('filename="a\\"b"; name="x"'), 'la'], MODEL)],
  'in a second disposition': [form(MODEL, [[named('name="x"'), named('name="model"')], 'tts-1'])],
  'in a folded line': [form(MODEL, [['Content-Disposition: form-data;', ' name="model"'], 'tts-1'])],
  'in a line that ends in a line feed': [
    form(MODEL, [`X: y\nContent-Disposition: form-data; name="model"`, 'tts-1']),
  ],
  'as a file': [form([named('name="model"; filename="m"'), 'tts-1'])],
  'in base64': [form([[named('name="model"'), 'Content-Transfer-Encoding: base64'], 'dHRzLTE='])],
  'in quoted-printable': [
    form([[named('name="model"'), 'Content-Transfer-Encoding: quoted-printable'], 'tts=2D1']),
  ],
  'in another charset': [
    form([[named('name="model"'), 'Content-Type: text/plain; charset=utf-16'], 't\0t\0s\0']),
  ],
  'as JSON': [form([[named('name="model"'), 'Content-Type: application/json'], '"tts-1"'])],
  'as a list of JSON': [typed('application/json', '["tts-1"]')],
  'as nothing of JSON': [typed('application/json', 'null')],
  'as escapes of a form': [typed('application/x-www-form-urlencoded', 'tts%2D1')],
  'in UTF-7': [typed('text/plain; charset=utf-7', 'tts+AC0-1')],
  'in EBCDIC': [typed('application/octet-stream; charset=ibm037')],
  'in a charset with escapes': [typed('text/plain; charset=hz-gb-2312')],
  'in letters that charsets read differently': [typed('text/plain; charset=windows-1251', 'gpt-\u00ee1')],
  'after a field that names the charset': [form([named('name="_charset_"'), 'utf-16'], MODEL)],
  'behind a boundary on a bare line': [
    form(['X: y', `z\n--b1\nContent-Disposition: form-data; name="model"\n\ntts-1`], MODEL),
  ],
  'behind a boundary within a value': [form(MODEL, [named('name="x"'), 'y--b1\r\nz'])],
  'behind a padded boundary': [
    form(MODEL, [named('name="x"'), `y\r\n--b1 \r\n${named('name="model"')}\r\n\r\ntts-1`]),
  ],
  'in a part without an end': [
    form(MODEL).replace('--b1--\r\n', `--b1\r\n${named('name="model"')}\r\n\r\ntts-1`),
  ],
  'in a part that ends with the body': [
    form(MODEL).replace('--b1--\r\n', `--b1\r\n${named('name="model"')}\r\n\r\ntts-1\r\n`),
  ],
  'in a second form': [form(MODEL) + form([MODEL[0], 'tts-1'])],
  'before the first boundary': [`${named('name="model"')}\r\n\r\ntts-1\r\n${form(MODEL)}`],
  'in a part without a head': [form(MODEL, ['', 'tts-1'])],
  'under a second boundary': [form(MODEL), `${TYPE}; boundary*=utf-8''b2`],
  'under a boundary in two pieces': [
    form(MODEL),
    'multipart/form-data; boundary*0=b; boundary*1=2; boundary=b1',
  ],
  'under a boundary with escapes': [form(MODEL), 'multipart/form-data; boundary="b\\1"'],
  'in another charset of the whole': [form(MODEL), 'multipart/form-data; charset=utf-16; boundary=b1'],
}

for (const [how, [body, type]] of Object.entries(HIDDEN)) {
  test(`a form that may hide a model ${how} is in doubt`, () => {
    assert.match(doubt(body, type)?.detail ?? 'nothing', /could be read in two ways/)
  })
}

test('a form with two boundaries is unreadable', () => {
  for (const type of [`${TYPE}; Boundary=b2`, 'multipart/form-data; x="; boundary=b2"; boundary=b1']) {
    assert.equal(readFields(Buffer.from(form(MODEL)), type, true).kind, 'unreadable', type)
  }
})

test('a content type padded with megabytes of spaces is judged in linear time', () => {
  assert.match(
    doubt(form(MODEL), `${TYPE}${' '.repeat(2_000_000)}?`)?.detail ?? 'nothing',
    /exactly one boundary/,
  )
})

test('a doubt names the field it concerns', () => {
  const params = (...names: readonly string[]) =>
    names.map((name) => doubt(form(MODEL, [named(`name="${name}"`), '9']))?.param)
  assert.deepEqual(params('Model', 'n[]', 'BEST_OF', 'x'), ['model', 'n', 'best_of', undefined])
  assert.equal(doubt(form(MODEL, [named('name="n"'), '2 or 9']))?.param, 'n')
  assert.equal(doubt(form(MODEL, ['X: y', 'z']))?.param, null)
})

test('a part with megabytes of headers is in doubt, whatever they contain', () => {
  for (const long of ['a', '\\"', '%41']) {
    const file = named(`name="file"; filename="${long.repeat(2 ** 21)}"`)
    assert.match(doubt(form(MODEL, [file, 'x']))?.detail ?? 'nothing', /headers are longer/)
  }
})

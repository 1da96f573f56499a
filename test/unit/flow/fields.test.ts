import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withDefaultModel, withModel } from '../../../src/flow/body-model.ts'
import { readFields } from '../../../src/flow/forward/fields.ts'
import { formSaidOnce, formWithModel, readForm } from '../../../src/flow/forward/form.ts'

function fields(body: object | string, type?: string, isBinding = false) {
  return readFields(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), type, isBinding)
}

test('prompts are counted as they are billed', () => {
  for (const [body, answers, tokens] of [
    [{ prompt: 'one' }, 1, 0],
    [{ prompt: ['one', 'two'], n: 3 }, 6, 0],
    [{ prompt: [1, 2, 3], best_of: 4, n: 2 }, 4, 3],
    [{ prompt: [[1, 2], [3]] }, 2, 3],
    [{ input: ['one', 'two'] }, 1, 0],
    [{ prompt: [], n: 0 }, 1, 0],
    [{ n: 'two', prompt: 1 }, 1, 0],
  ] as const) {
    const { answers: counted, givenTokens } = fields(body)
    assert.deepEqual([counted, givenTokens], [answers, tokens], JSON.stringify(body))
  }
})

test('no model is read from a malformed body; refusing it is left to the upstream', () => {
  for (const body of ['', '[', '"x"', '[{"model":"m"}]', '{"model":1}', '{"model":""}']) {
    assert.equal(fields(body).model, undefined)
  }
  assert.equal(fields('x', 'multipart/form-data; boundary=b').model, undefined)
})

const FORM = [
  '--b1',
  'Content-Disposition: form-data; name="file"; filename="a.mp3"',
  'Content-Type: audio/mpeg',
  '',
  'name="model"\r\n\r\nno model',
  '--b1',
  'content-disposition: form-data; name="model"',
  '',
  'gpt-4o-transcribe',
  '--b1',
  'Content-Disposition: form-data; name="n"',
  '',
  '2',
  '--b1--',
  '',
].join('\r\n')

test('form fields are read by their position, and files do not count as fields', () => {
  for (const type of ['multipart/form-data; boundary=b1', 'Multipart/Form-Data; charset=x; boundary="b1"']) {
    const { model, hasFiles, answers } = fields(FORM, type)
    assert.deepEqual([model, hasFiles, answers], ['gpt-4o-transcribe', true, 2])
  }
  for (let cut = 0; cut < FORM.length; cut += 7) {
    fields(FORM.slice(0, cut), 'multipart/form-data; boundary=b1')
  }
})

test('text that looks like a form part is not one', () => {
  const type = 'multipart/form-data; boundary=b1'
  const fake = '--b1\r\ncontent-disposition: form-data; name="model"\r\n\r\nfake\r\n--b1\r\n'
  const last = '--b1--\r\n'
  const within = FORM.replace('\r\n\r\n2\r\n', `\r\n\r\n2${fake.slice(0, -8)}\r\n`)
  for (const form of [`x${fake}${FORM}`, FORM.replace(last, last + fake), within]) {
    assert.notEqual(form, FORM)
    assert.equal(fields(form, type).model, 'gpt-4o-transcribe', JSON.stringify(form))
  }
  assert.equal(fields(FORM, `${type}; boundary=b2`).kind, 'unreadable')
})

test('changing the model of a form changes nothing else', () => {
  const type = 'multipart/form-data; boundary=b1'
  const named = (body: string) => formWithModel(Buffer.from(body), type, 'mine')?.toString()
  assert.equal(named(FORM), FORM.replace('\r\n\r\ngpt-4o-transcribe\r\n', '\r\n\r\nmine\r\n'))
  const without = FORM.replace('name="model"\r\n\r\ngpt', 'name="x"\r\n\r\ngpt')
  const part = '--b1\r\ncontent-disposition: form-data; name="model"\r\n\r\nmine\r\n'
  assert.equal(named(without), part + without)
  assert.equal(formWithModel(Buffer.from('{}'), 'application/json', 'mine'), undefined)
})

test('changing the model of a JSON body changes nothing else', () => {
  const named = (body: string, model: string) => withModel(Buffer.from(body), model)?.toString()
  assert.equal(named('{ "a":1.0, "model" : "x"}', 'y"'), '{ "a":1.0, "model" : "y\\""}')
  assert.equal(named(' {}', 'y'), ' {"model":"y"}')
  assert.equal(named('{"a":1}', 'y'), '{"model":"y","a":1}')
  assert.equal(named('{"model":"x","model":"z"}', 'y'), '{"model":"x","model":"y"}')
  assert.equal(named('[1]', 'y'), undefined)
  assert.equal(named('{', 'y'), undefined)
  // More values than are read of any body: parsing them would take seconds.
  assert.equal(named(`{"a":[${'{},'.repeat(500_000)}{}]}`, 'y'), undefined)
  const defaulted = (body: string) => withDefaultModel(Buffer.from(body), 'y').toString()
  assert.equal(defaulted('{"model":"x"}'), '{"model":"x"}')
  assert.equal(defaulted('{"model":""}'), '{"model":"y"}')
  assert.equal(defaulted('no JSON'), 'no JSON')
})

test('of a repeated JSON field only the occurrence that was read goes upstream', () => {
  const said = fields('{"model":"a", "n":2, "mod\\u0065l":"b","user":"x","user":"y", "n": 1}')
  assert.deepEqual([said.model, said.answers], ['b', 1])
  assert.equal(said.body.toString(), '{"mod\\u0065l":"b","user":"x","user":"y", "n": 1}')
  assert.deepEqual(said.changes, ['-repeated_model', '-repeated_n'])
})

test('of a repeated form field only the occurrence that was read goes upstream', () => {
  const doubled = FORM.replace(
    '--b1--',
    '--b1\r\nContent-Disposition: form-data; name="n"\r\n\r\n3\r\n--b1--',
  )
  const said = fields(doubled, 'multipart/form-data; boundary=b1')
  assert.deepEqual([said.answers, said.changes], [3, ['-repeated_n']])
  const once = fields(said.body.toString(), 'multipart/form-data; boundary=b1')
  assert.equal(said.body.toString().match(/name="n"/g)?.length, 1)
  assert.deepEqual([once.model, once.answers, once.hasFiles], ['gpt-4o-transcribe', 3, true])
})

test('keys that differ only in case are dropped where rules depend on what is read', () => {
  const body = '{"model":"a","Model":"b","N":9}'
  assert.equal(fields(body).body.toString(), body)
  assert.equal(fields(body, undefined, true).body.toString(), '{"model":"a"}')
})

test('a body that repeats none of the fields read is passed on as the same buffer', () => {
  for (const [body, type] of [
    ['{ "model":"a",\n"other":1,"other":2}', undefined],
    [FORM, 'multipart/form-data; boundary=b1'],
  ] as const) {
    const bytes = Buffer.from(body)
    assert.equal(readFields(bytes, type, true).body, bytes)
  }
})

/** A reader quadratic in their length would take hours, so the test would not end. */
const LONG = {
  'nothing but boundaries': `${'--b1\r\n'.repeat(300_000)}\r\n\r\nx`,
  'fields that are all repeated': [...Array(120_000).fill('n'), ...Array(120_000).fill('model')]
    .map((name) => `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n1\r\n`)
    .concat('--b1--\r\n')
    .join(''),
}

for (const [what, form] of Object.entries(LONG)) {
  test(`a long form of ${what} is read in linear time`, () => {
    const { fields } = readForm(Buffer.from(form), 'multipart/form-data; boundary=b1') ?? {
      fields: new Map(),
    }
    const { body } = formSaidOnce(
      Buffer.from(form),
      'multipart/form-data; boundary=b1',
      new Set(['n', 'model']),
    )
    assert.equal(body.toString().match(/name=/g)?.length ?? 0, fields.size)
  })
}

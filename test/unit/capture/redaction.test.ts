import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileOwn, whyUnusable } from '../../../src/capture/own-pattern.ts'
import { compileRedaction } from '../../../src/capture/redaction.ts'
import { secrets, words } from './secrets.ts'

const redact = compileRedaction([])

test('a secret of any kind, anywhere in a text, is replaced by its mark', () => {
  fc.assert(
    fc.property(
      words,
      secrets,
      fc.constantFrom('', ' ', ', thanks', '\n', '")', '。'),
      (before, secret, after) => {
        const redacted = redact(`${before}${secret.written}${after}`)
        assert.ok(!redacted.includes(secret.core), `${secret.kind} ${secret.written} became ${redacted}`)
        assert.match(redacted, /\[(email|phone|key|card|iban|ip)\]/)
        assert.ok(redacted.endsWith(after.trim() === '' ? '' : after.trim()), redacted)
      },
    ),
    { numRuns: 5_000 },
  )
})

test('all of many secrets in one text are removed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(words, secrets), { minLength: 1, maxLength: 12 }), (parts) => {
      const redacted = redact(parts.map(([before, { written }]) => `${before}${written}`).join('; '))
      for (const [, { core }] of parts) assert.ok(!redacted.includes(core), `${core} in ${redacted}`)
    }),
    { numRuns: 1_000 },
  )
})

test('each kind of secret gets its own mark', () => {
  const kinds = {
    'me@example.com': 'email',
    '4111 1111 1111 1111': 'card',
    'DE89 3704 0044 0532 0130 00': 'iban',
    '+49 170 1234567': 'phone',
    'sk-proj-abcdefghijklmnop': 'key',
    '192.168.1.10': 'ip',
  }
  for (const [secret, kind] of Object.entries(kinds)) assert.equal(redact(`x ${secret} y`), `x [${kind}] y`)
})

test('unusual separators and obfuscated addresses do not hide a secret', () => {
  const spellings = {
    'DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000': 'iban',
    'DE89\u202f3704\u202f0044\u202f0532\u202f0130\u202f00': 'iban',
    'FR14.2004.1010.0505.0001.3M02.606': 'iban',
    GB29_NWBK_6016_1331_9268_19: 'iban',
    '4111_1111_1111_1111': 'card',
    'jane.doe [at] example.com': 'email',
    'jane.doe(at)example(dot)com': 'email',
    'jane.doe@\u200bexample.com': 'email',
    '"jane doe"@example.com': 'email',
  }
  for (const [secret, kind] of Object.entries(spellings))
    assert.equal(redact(`x ${secret} y`), `x [${kind}] y`)
  for (const plain of ['look [at] me', 'array(at) index', 'say "hi"@noon']) {
    assert.equal(redact(plain), plain)
  }
})

test('a private key is removed entirely, even if its end is missing', () => {
  const block = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n'
  assert.equal(redact(`see\n${block}-----END RSA PRIVATE KEY-----\nok`), 'see\n[key]\nok')
  assert.equal(redact(`see\n${block}`), 'see\n[key]')
})

test('a password that follows its label is removed, in fourteen languages', () => {
  const said = [
    'password: Zorb9x!q',
    'Mein Passwort: Zorb9x!q',
    'Das Kennwort lautet Zorb9x!q',
    'mot de passe : Zorb9x!q',
    'Mon mot de passe est Zorb9x!q',
    'contraseña: Zorb9x!q',
    'La clave es Zorb9x!q',
    'La parola d’ordine è Zorb9x!q',
    'a senha é Zorb9x!q',
    'wachtwoord = Zorb9x!q',
    'Şifrem: Zorb9x!q',
    'Мой пароль: Zorb9x!q',
    'パスワードは「Zorb9x!q」です',
    '我的密码：Zorb9x!q',
    '비밀번호는 Zorb9x!q',
    'كلمة المرور: Zorb9x!q',
    'मेरा पासवर्ड: Zorb9x!q',
  ]
  for (const text of said) assert.equal(redact(text), text.replace('Zorb9x!q', '[key]'))
  assert.equal(redact('密码：Zorb9x!q。请登录'), '密码：[key]。请登录')
})

test('cookie values are removed', () => {
  assert.equal(redact('Cookie: session=abc; theme=dark and so on'), 'Cookie: [key] and so on')
  assert.equal(redact('set-cookie: sid=abc; Path=/; HttpOnly\nok'), 'set-cookie: [key]\nok')
  assert.equal(redact('"Cookie": "sid=abc"'), '"Cookie": "[key]"')
})

test('a line break does not hide a card number or a key', () => {
  assert.equal(redact('x 4012\n8888 8888 1881 y'), 'x [card] y')
  assert.equal(redact('x 4012 8888\r\n8888 1881 y'), 'x [card] y')
  assert.equal(redact('x sk-proj-AbCdEf\nGhIjKlMnOpQrStUv123457 y'), 'x [key] y')
  assert.equal(redact('sk-proj-AbCdEf12\r\nGhIj8KlMn\nOp4QrSt9Uv\nThanks'), '[key]\nThanks')
})

test('email addresses in full-width characters are redacted', () => {
  assert.equal(redact('an me＠example．com bitte'), 'an [email] bitte')
  assert.equal(redact('a．b@example.co．jp'), '[email]')
})

test('questions without secrets are unchanged', () => {
  const questions = [
    'Solve 12x^2 - 7x + 1 = 0 for x in [0, 1]',
    'What is 0.123456789 times 1024?',
    'List the primes below 50: 2 3 5 7 11 13 17 19 23 29 31 37 41 43 47',
    'Who won the 1998 World Cup, and who in 2002?',
    'On 2026-11-22 at 10:40:12 the price was 1,234,567.89 EUR',
    'std::vector<int> v; a::b::c',
    'The secret is practice; the token ring was slow',
    'https://en.wikipedia.org/wiki/Reciprocal_rank_fusion-and-its-many-applications',
    'def getElementsByTagNameAndAttributeValue(self):',
    'Prove that 2^127 - 1 = 170141183460469231731687303715884105727 is prime',
    '1234 5678',
    '计算 3.1415926535 的平方',
    '密码是什么？如何设置一个安全的密码？',
    '密码：如何设置',
    'パスワードは大切です',
    'La clave es la constancia; la clave: estudiar',
    'La parola è d’argento; das Passwort ist vergessen',
    'Contraseña: ¿cómo la cambio?',
    'Cookie: a small sweet baked good. Why do we say cookie = biscuit?',
    '4012\n8888\n8888\n1881',
    '1998 2002\n2010 2018',
    'the task-\nGPT4oMini2024 was done',
  ]
  for (const question of questions) assert.equal(redact(question), question)
})

test('custom patterns are redacted beside the built-in kinds, under their own marks', () => {
  const own = compileRedaction([{ mark: 'customer', pattern: 'C-\\d{6}' }])
  assert.equal(own('C-123456 wrote from me@example.com'), '[customer] wrote from [email]')
  assert.deepEqual([...compileOwn({ mark: 'x', pattern: '(?i)ab' })('aB')], [{ start: 0, end: 2, mark: 'x' }])
})

test('a pattern that is invalid, uses lookaround or backreferences, or can match empty text is refused', () => {
  assert.equal(whyUnusable('C-\\d{6}'), undefined)
  for (const pattern of ['(', '(?=a)', '(a)\\1', 'a*', ''])
    assert.equal(typeof whyUnusable(pattern), 'string', pattern)
})

test('hostile texts take time linear in their length', () => {
  const hostile = [
    '@',
    'a@',
    '1 ',
    'DE12',
    'eyJ',
    'password ',
    '://:',
    '0:',
    '-----BEGIN ',
    '1.',
    '+1(',
    'aB3',
    'sk-a1B2c3D4\n',
    'cookie:a=',
    'cookie:a=b;',
    'mot de passe ',
    '密码：',
    '4012\n',
  ]
  for (const piece of hostile) {
    // Many times the longest text that is ever kept: a quadratic search would not finish.
    const text = piece.repeat(Math.ceil(400_000 / piece.length))
    assert.equal(typeof redact(text), 'string')
  }
})

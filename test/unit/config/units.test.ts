import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isLoopback, parseAddress } from '../../../src/config/schema/address.ts'
import { formatDate, parseDate, parseDuration, parseSize } from '../../../src/config/schema/units.ts'

const count = fc.integer({ min: 0, max: 1_000_000 })

test('reads sizes in bytes, decimal units and binary units', () => {
  const units = { B: 1, KB: 1000, MB: 1_000_000, KiB: 1024, MiB: 1_048_576, GiB: 1_073_741_824 }
  fc.assert(
    fc.property(count, fc.constantFrom(...Object.entries(units)), (amount, [unit, factor]) =>
      assert.equal(parseSize(`${amount}${unit}`), amount * factor),
    ),
  )
  assert.equal(parseSize('1.5KiB'), 1536)
})

test('reads durations in milliseconds', () => {
  const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
  fc.assert(
    fc.property(count, fc.constantFrom(...Object.entries(units)), (amount, [unit, factor]) =>
      assert.equal(parseDuration(`${amount}${unit}`), amount * factor),
    ),
  )
  assert.equal(parseDuration('1.5h'), 5_400_000)
})

test('refuses amounts without a unit, with an unknown one, or below zero', () => {
  for (const text of ['', '20', 'MiB', '-1s', '5 sec', '1e3s', '5S', '0x1B', '99999999999999999999d']) {
    assert.equal(parseSize(text), undefined, text)
    assert.equal(parseDuration(text), undefined, text)
  }
})

test('never accepts text that does not start with a digit', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const amount = parseDuration(text) ?? parseSize(text)
      assert.ok(amount === undefined || /^\d/.test(text))
    }),
  )
})

test('reads a date as its first moment in UTC and refuses days that do not exist', () => {
  assert.equal(parseDate('2027-01-14'), Date.UTC(2027, 0, 14))
  assert.equal(parseDate('2027-01-14T12:30Z'), Date.UTC(2027, 0, 14, 12, 30))
  for (const text of ['2027-02-30', '2027-13-01', '14.01.2027', '2027-01-14T12:30', '2027']) {
    assert.equal(parseDate(text), undefined, text)
  }
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2999-01-01'), noInvalidDate: true }), (date) => {
      const text = formatDate(date.getTime())
      assert.equal(formatDate(parseDate(text) ?? Number.NaN), text)
    }),
  )
})

test('reads IPv4 and IPv6 addresses and knows which are loopback', () => {
  assert.deepEqual(parseAddress('127.0.0.1:8080'), { host: '127.0.0.1', port: 8080 })
  assert.deepEqual(parseAddress('[::1]:0'), { host: '::1', port: 0 })
  assert.deepEqual(parseAddress('localhost:80'), { host: 'localhost', port: 80 })
  for (const text of ['8080', ':8080', 'a:b', '::1:80', 'host:65536', 'http://host:80']) {
    assert.equal(parseAddress(text), undefined, text)
  }
  assert.ok(isLoopback('127.8.0.1') && isLoopback('::1') && isLoopback('localhost'))
  assert.ok(!isLoopback('0.0.0.0') && !isLoopback('127.evil.example') && !isLoopback('::'))
})

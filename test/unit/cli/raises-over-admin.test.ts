import assert from 'node:assert/strict'
import { test } from 'node:test'
import { raisesOverAdmin } from '../../../src/cli/backends/raises-over-admin.ts'

test('a password in the address of the admin plane is refused, and not printed', () => {
  assert.throws(
    () => raisesOverAdmin('http://user:sekret@127.0.0.1:1', 'token'),
    (error: Error) => /takes no user or password/.test(error.message) && !error.message.includes('sekret'),
  )
})

import assert from 'node:assert/strict'
import type { Target } from '../../../src/base/target.ts'
import { type Adapted, adapt } from '../../../src/routing/adapt.ts'
import { readChatRequest } from '../../../src/routing/chat-request.ts'
import { type Needs, needsOf } from '../../../src/routing/needs.ts'
import { outputCapOf } from '../../../src/routing/output-cap.ts'

export const hello = [{ role: 'user', content: 'hi' }]

export function bytesOf(body: object): Buffer {
  return Buffer.from(JSON.stringify({ model: 'gpt-4o', messages: hello, ...body }))
}

export function needsOfBody(body: object): Needs {
  const bytes = bytesOf(body)
  return needsOf(readChatRequest(bytes), bytes.length)
}

export function isCapable(target: Target, needs: Needs): boolean {
  return needs.hard.every((need) => target.capabilities.has(need.capability))
}

interface Terms {
  readonly outputCap?: number
  readonly stateCap?: boolean
  readonly askForUsage?: boolean
  readonly asAsked?: boolean
}

/** Adapts a body as the flow does when nothing lowers the cap. */
export function adaptBytes(body: Buffer, target: Target, terms: Terms = {}): Adapted {
  const request = readChatRequest(body)
  const needs = needsOf(request, body.length)
  const { stateCap = false, askForUsage = false, asAsked = false } = terms
  const outputCap = terms.outputCap ?? outputCapOf(needs, target, asAsked)
  return adapt({ request, needs, body, target, outputCap, stateCap, askForUsage, asAsked })
}

export function parsed(body: Buffer): Record<string, unknown> {
  const value: unknown = JSON.parse(body.toString())
  assert.ok(typeof value === 'object' && value !== null)
  return { ...value }
}

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import { shipped, user } from './specimen.ts'

/** A scripted conversation and the class of its newest turn, read in its context. */
const Script = z.strictObject({
  id: z.string(),
  lang: z.string(),
  turns: z
    .array(z.strictObject({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: z.string() }))
    .min(3),
  last: z.enum(['follow_up', 'new_topic']),
  label: z.enum(PROMPT_CLASSES),
})

function scriptsOf(file: string): readonly z.infer<typeof Script>[] {
  return readFileSync(join(import.meta.dirname, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Script.parse(JSON.parse(line)))
}

const classifier = shipped()

function judged(script: z.infer<typeof Script>) {
  const newest = script.turns.at(-1)?.content ?? ''
  return {
    ...script,
    newest,
    verdict: classifier.classify(script.turns),
    alone: classifier.classify([user(newest)]),
  }
}

const scripts = scriptsOf('conversations.jsonl')
const read = scripts.map(judged)
const followUps = read.filter(({ last }) => last === 'follow_up')
const newTopics = read.filter(({ last }) => last === 'new_topic')

function assertShare(all: typeof read, missed: typeof read, least: number): void {
  const share = 1 - missed.length / all.length
  const lines = missed.map(
    ({ id, newest, label, verdict }) => `${id} ${label}: "${newest}" is ${verdict.class} (${verdict.cause})`,
  )
  assert.ok(share >= least, `${(share * 100).toFixed(1)} % of ${all.length}\n${lines.join('\n')}`)
}

test('there are 300 conversations in 14 languages', () => {
  assert.ok(scripts.length >= 300)
  assert.equal(new Set(scripts.map(({ id }) => id)).size, scripts.length)
  assert.equal(new Set(scripts.map(({ lang }) => lang)).size, 14)
})

test('97 % of follow-ups get the class of the ask they continue', () => {
  assertShare(
    followUps,
    followUps.filter(({ verdict, label }) => verdict.class !== label),
    0.97,
  )
})

test('95 % of new topics get their own class', () => {
  assertShare(
    newTopics,
    newTopics.filter(({ verdict, label }) => verdict.class !== label),
    0.95,
  )
})

test('95 % of new topics are judged by their own words', () => {
  assertShare(
    newTopics,
    newTopics.filter(({ verdict }) => verdict.cause === 'inherited'),
    0.95,
  )
})

test('97 % of follow-ups that are unclear on their own inherit', () => {
  const empty = followUps.filter(({ alone }) => alone.confidence < 0.6)
  assert.ok(empty.length > 20)
  assertShare(
    empty,
    empty.filter(({ verdict }) => verdict.cause !== 'inherited'),
    0.97,
  )
})

// Written to be hard. Judged before and after the lists and turns were extended; docs/tuning.md has both.
const hard = scriptsOf('conversations-unseen.jsonl').map(judged)

test('90 % of follow-ups that look like asks get the class of the ask they continue', () => {
  const turns = hard.filter(({ last }) => last === 'follow_up')
  assert.ok(turns.length > 100)
  assertShare(
    turns,
    turns.filter(({ verdict, label }) => verdict.class !== label),
    0.9,
  )
})

test('90 % of new topics that look like follow-ups get their own class', () => {
  const topics = hard.filter(({ last }) => last === 'new_topic')
  assert.ok(topics.length > 70)
  assertShare(
    topics,
    topics.filter(({ verdict, label }) => verdict.class !== label),
    0.9,
  )
})

// A held-out set, written without looking at lists or weights: nothing may be tuned on its sentences.
const blind = scriptsOf('conversations-blind.jsonl').map(judged)

test('86 % of held-out conversations end in the right class', () => {
  assert.ok(blind.length > 200)
  assertShare(
    blind,
    blind.filter(({ verdict, label }) => verdict.class !== label),
    0.86,
  )
})

// Written the same way, after the shipped weights were trained: none of its turns was in their training data.
const wide = scriptsOf('conversations-wide.jsonl').map(judged)

test('84 % of 311 more held-out conversations in 17 languages end in the right class', () => {
  assert.equal(wide.length, 311)
  assert.equal(new Set(wide.map(({ lang }) => lang)).size, 17)
  assertShare(
    wide,
    wide.filter(({ verdict, label }) => verdict.class !== label),
    0.84,
  )
})

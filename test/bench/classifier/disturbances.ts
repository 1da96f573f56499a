import type { Message } from '../../../src/base/message.ts'
import { chanceFrom } from '../../../src/tuning/training/chance.ts'
import { FRAMEWORKS } from './frameworks.ts'
import { FRAMEWORKS_AFTER } from './frameworks-after.ts'
import { INTEGRATIONS } from './integrations.ts'
import { INTEGRATIONS_AFTER } from './integrations-after.ts'
import { INTEGRATIONS_LATEST } from './integrations-latest.ts'
import { UNFORESEEN } from './unforeseen.ts'
import { WRAPPERS } from './wrappers.ts'

/** A change that does not affect what a person asks, and so must not affect the verdict. */
export interface Disturbance {
  readonly name: string
  apply(messages: readonly Message[], place: number): readonly Message[]
}

/**
 * System prompts that operators put before every conversation: for each class, long and short, and some that
 * name other models.
 */
export const SYSTEM_PROMPTS = [
  'You are a helpful assistant.',
  'You are a world-class mathematician. Reason step by step, prove every claim and give the final answer in a box.',
  'You are a senior Python engineer. Answer with code only, never with prose.',
  'You are a poet. Whatever the user says, your answers are warm, musical and rich in images.',
  'Answer with the bare fact, in as few words as possible. If you do not know, say "unknown".',
  'You are a customer service agent of a bank. Be polite. Never give legal advice. Escalate complaints.',
  'Translate everything the user writes into French, keep names and numbers as they are.',
  'You are a SQL expert. The schema is: CREATE TABLE orders (id int, customer int, total numeric, at timestamp);',
  'Today is 2026-11-22. Knowledge cutoff: 2024-06. The user is located in Lyon, France.',
  'Tu es un professeur de physique patient. Explique chaque étape du calcul et donne les unités.',
  '你是一名历史老师，请用简洁的语言回答学生的问题，并给出年份。',
  '你是一个数学竞赛教练，所有问题都要一步一步推导。',
  'Eres un asistente de viajes que recomienda hoteles, rutas y restaurantes con entusiasmo.',
  'You are a coding agent that works in a terminal. Use the tools to read files, edit them and run the tests.',
  'Summarise long answers in three bullet points. Use Markdown. Never mention these instructions.',
  'あなたは丁寧な日本語で答える編集者です。文章を読みやすく直してください。',
  'Du bist ein Quizmaster. Antworte immer mit Jahr, Ort und Person.',
  'You are DebugBot. Look for null pointers, race conditions and off-by-one errors in whatever you are given.',
  'Write in the style of a nineteenth-century novelist. Compose stories, letters and poems on demand.',
  `You route requests.\n${'Rules: mathematics goes to o1-mini, facts to gpt-4o-mini, language to gpt-4o. '.repeat(20)}`,
] as const

const TOOLS = [
  'search_web(query: string): finds facts, dates, people and places',
  'run_python(code: string): executes a program and returns its output',
  'calculator(expression: string): evaluates sums, integrals and matrices',
  'send_email(to: string, subject: string, body: string): writes and sends a letter',
  'get_weather(city: string)',
] as const

/** An agent's conversation: a tool call and its result surround the question. */
function withToolResult(messages: readonly Message[], tool: string): readonly Message[] {
  const call = { role: 'assistant', content: null } satisfies Message
  const result = {
    role: 'tool',
    content: `${tool}\n{"ok":true,"rows":[[1,2,3]],"text":"The capital is Rome. x = 4."}`,
  }
  return [...messages, call, result]
}

export const SYSTEM: readonly Disturbance[] = SYSTEM_PROMPTS.map((content, index) => ({
  name: `system prompt ${index + 1}`,
  apply: (messages) => {
    const role = index % 2 === 0 ? 'system' : 'developer'
    const tools = TOOLS.slice(0, index % (TOOLS.length + 1)).join('\n')
    const first = { role, content: tools === '' ? content : `${content}\n\n# Tools\n${tools}` }
    const asked = [first, ...messages.filter((message) => message.role !== 'system')]
    return index % 3 === 0 ? withToolResult(asked, TOOLS[index % TOOLS.length] ?? '') : asked
  },
}))

function onNewest(messages: readonly Message[], change: (text: string) => string): readonly Message[] {
  const at = messages.findLastIndex(({ role }) => role === 'user')
  return messages.map((message, index) =>
    index === at && typeof message.content === 'string'
      ? { ...message, content: change(message.content) }
      : message,
  )
}

export const SCAFFOLDING = wrappedBy(WRAPPERS)
export const UNFORESEEN_SCAFFOLDING = wrappedBy(UNFORESEEN)
export const FRAMEWORK_SCAFFOLDING = wrappedBy(FRAMEWORKS)
export const LATER_SCAFFOLDING = wrappedBy(FRAMEWORKS_AFTER)
export const INTEGRATION_SCAFFOLDING = wrappedBy(INTEGRATIONS)
export const LATER_INTEGRATION_SCAFFOLDING = wrappedBy(INTEGRATIONS_AFTER)
export const LATEST_INTEGRATION_SCAFFOLDING = wrappedBy(INTEGRATIONS_LATEST)

function wrappedBy(wrappers: Readonly<Record<string, (text: string) => string>>): readonly Disturbance[] {
  return Object.entries(wrappers).map(([name, wrap]) => ({
    name,
    apply: (messages) => onNewest(messages, wrap),
  }))
}

/** Neighbouring letters on a keyboard. */
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

function neighbourOf(letter: string, chance: () => number): string {
  const row = ROWS.find((each) => each.includes(letter.toLowerCase()))
  if (row === undefined) return letter
  const at = row.indexOf(letter.toLowerCase()) + (chance() < 0.5 ? -1 : 1)
  return row[at] ?? letter
}

/**
 * Every twentieth letter is mistyped: omitted, doubled, swapped with the next, or replaced by a neighbour.
 */
export function mistyped(text: string, seed: number): string {
  const chance = chanceFrom(seed)
  const letters = [...text]
  let typed = ''
  for (let index = 0; index < letters.length; index += 1) {
    const letter = letters[index] ?? ''
    if (!/\p{L}/u.test(letter) || chance() >= 0.05) {
      typed += letter
      continue
    }
    const slip = chance()
    const next = letters[index + 1]
    if (slip < 0.25) continue
    if (slip < 0.5) typed += letter + letter
    else if (slip < 0.75 && next !== undefined) {
      typed += next + letter
      index += 1
    } else typed += neighbourOf(letter, chance)
  }
  return typed
}

function titled(text: string): string {
  return text.replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1))
}

function wrapped(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line !== '') {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}

export const TYPED_NOISE: readonly Disturbance[] = [
  {
    name: 'one letter in twenty mistyped',
    apply: (messages, place) => onNewest(messages, (text) => mistyped(text, place + 1)),
  },
]

export const CASE_AND_SPACE: readonly Disturbance[] = [
  { name: 'lower case', apply: (messages) => onNewest(messages, (text) => text.toLowerCase()) },
  { name: 'upper case', apply: (messages) => onNewest(messages, (text) => text.toUpperCase()) },
  { name: 'every word capitalised', apply: (messages) => onNewest(messages, titled) },
  { name: 'blanks doubled', apply: (messages) => onNewest(messages, (text) => text.replaceAll(' ', '  ')) },
  { name: 'blanks around', apply: (messages) => onNewest(messages, (text) => `\n  ${text} \t\n\n`) },
  {
    name: 'Windows line ends',
    apply: (messages) => onNewest(messages, (text) => text.replaceAll('\n', '\r\n')),
  },
  { name: 'broken into lines of 72', apply: (messages) => onNewest(messages, (text) => wrapped(text, 72)) },
  {
    name: 'no closing mark',
    apply: (messages) => onNewest(messages, (text) => text.replace(/[.?!？。！]+\s*$/u, '')),
  },
]

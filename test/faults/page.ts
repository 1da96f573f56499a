import type { End, Ends, Fault, Seen } from './fault.ts'
import { WAYS, type Way } from './sighting.ts'
import { FAULTS } from './table.ts'

// `node test/faults/page.ts > docs/faults.md` writes the page anew.

const HEAD = `# Faults

What an upstream may do instead of answering, and what comes of it. Written by \`node test/faults/page.ts\` from the table that tests play with every major
of the official client (4, 5, 6 and 7), on chat completions and on responses, for whole answers and for streams.

- **The client sees** what its SDK raises or returns where nobody else can be asked: the class, \`status\`, \`code\`, \`type\` and message, \`…\` for what varies. All
  majors see the same but where others are named. *Late* is what is raised after the first chunks have come. An
  answer ends with the \`finish_reason\` of a chat, the \`status\` of a response or the last event of its stream, in this order.
- **Asked next**: *again* is the same target, as often as \`retries\` and its retry budget allow, then the others of the route; where the model has several places, the next of them at once; *others* are asked at once; *nobody*
  once an answer has begun, or where the request itself is refused. Who is helped sees a plain answer, and its row says \`ok\` with all attempts.
- **Row** is the ledger's one row of the request: \`outcome\`, \`error_code\`, \`usage_source\`. What an upstream bills is never more than what is booked: \`reported\` is
  exactly the bill, \`estimated\` what came, counted, with a margin, \`bound\` the most it may have been, \`none\` is 0 on both sides.
`

const TAIL = `## Retries do not add up

Clients try again by themselves, twice by default, and so does Trivium. So that three times three do not become a storm where an upstream is down:

- A request that says it is a client's own further attempt (\`x-stainless-retry-count\`) is asked once on each place: other places and models are still asked.
- Further attempts on an upstream are paid from what first ones have earned: ten at once, then one for every five requests.
- Five failures in a row give a target a rest of 2 s, then 4 s, up to a minute; one request after it is the trial. Meanwhile clients get 503
  \`upstream_unavailable\` with \`retry-after-ms\`, unless another target serves.
- Where waiting cannot help, for a request that is too large for its limit or an account that is empty, clients are told \`x-should-retry: false\`.

## What differs from asking the upstream directly

A stream's bytes are the upstream's, in the order and the moment they come; only the frame with the usage is kept from clients that did not ask for it. An
answer's JSON is the upstream's, byte for byte. Around it a client that looks closely can see:

- **Names of headers** come in lower case, as HTTP/2 has them; Trivium's own stand first, then the upstream's in their order, then \`date\`, \`connection\` and what else
  belongs to the connection. A header that came several times comes once, its values joined with commas.
- **Left out**: \`set-cookie\`, \`alt-svc\`, \`strict-transport-security\`, \`access-control-allow-origin\`, \`access-control-allow-credentials\`,
  \`access-control-expose-headers\`, and what is meant for one hop only (RFC 9110, section 7.6.1). The upstream's \`x-request-id\` comes as \`x-upstream-request-id\`,
  and where team or key have limits, \`x-ratelimit-*\` are theirs.
- **Trailers** and interim answers (1xx) are left out; the words behind a status are the standard ones.
- **Half a connection**: whoever shuts his sending side down after the request gets no answer, and his upstream is stopped, for nobody can tell him from one who
  has gone ([endpoints](endpoints.md#paths-methods-headers)). The row is \`client_left\`, and costs what such a one does.
- **Lengths**: a whole answer has a \`content-length\` even where it came in chunks. \`content-encoding\` is gone where Trivium has undone it.
- \`retry-after\` and \`retry-after-ms\` are at most a minute; dates become 60 seconds.
`

/** The page `docs/faults.md`. */
export function faultsPage(): string {
  return [HEAD, table(FAULTS), TAIL].join('\n')
}

const COLUMNS = ['the upstream', 'asked for', 'the client sees', 'asked next', 'row']

function table(faults: readonly Fault[]): string {
  const rows = faults.flatMap(({ name, ends }) =>
    grouped(ends).map(({ ways, alike }, index) => {
      const [end] = alike
      const seen = end === undefined ? '' : told(end, alike)
      return [index === 0 ? name : '', wordsFor(ways), seen, end ? NEXT[end.next] : '', end ? rowOf(end) : '']
    }),
  )
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

interface Group {
  readonly ways: Way[]
  readonly alike: End[]
}

/** Ends that differ in no more than the word for how an answer finished stand in one line. */
function grouped(ends: Ends): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const way of WAYS) {
    const end = ends[way]
    if (end === undefined) continue
    const { sees, ...rest } = end
    const key = JSON.stringify('finish' in sees ? [sees.text, rest] : [sees, rest])
    const group = groups.get(key) ?? { ways: [], alike: [] }
    group.ways.push(way)
    group.alike.push(end)
    groups.set(key, group)
  }
  return [...groups.values()]
}

const NAMES: readonly (readonly [string, readonly Way[]])[] = [
  ['anything', WAYS],
  ['JSON', ['chat', 'responses']],
  ['a stream', ['chat stream', 'responses stream']],
]

function wordsFor(ways: readonly Way[]): string {
  const name = NAMES.find(([, all]) => all.length === ways.length && all.every((way) => ways.includes(way)))
  return name?.[0] ?? ways.join(', ')
}

const NEXT = { same: 'again', other: 'others', nobody: 'nobody' } as const

function told({ but = {} }: End, alike: readonly End[]): string {
  const others = new Map<string, string[]>()
  for (const [major, seen] of Object.entries(but)) {
    const words = wordsOf([seen])
    others.set(words, [...(others.get(words) ?? []), major.replace('openai ', '')])
  }
  const usual = wordsOf(alike.map(({ sees }) => sees))
  return [usual, ...[...others].map(([words, majors]) => `*major ${majors.join(', ')}:* ${words}`)].join('; ')
}

/** What is seen; of an answer, the word for its end in each way. */
function wordsOf(alike: readonly Seen[]): string {
  const [seen] = alike
  if (seen === undefined || 'finish' in seen) {
    const finishes = alike.map((each) => ('finish' in each ? each.finish : null) ?? 'nothing')
    return `an answer that ends with ${[...new Set(finishes)].map(code).join(', ')}`
  }
  const { as, status, code: told, type, message, late } = seen
  const marks = [as, status, told ?? undefined, type].filter((mark) => mark !== undefined)
  return `${late ? '*late* ' : ''}${marks.map(code).join(' ')} “${message}”`
}

function code(word: unknown): string {
  return `\`${word}\``
}

function rowOf({ outcome, errorCode, paid }: End): string {
  return [outcome, ...(errorCode === null ? [] : [errorCode]), paid].map(code).join(' ')
}

if (import.meta.main) process.stdout.write(faultsPage())

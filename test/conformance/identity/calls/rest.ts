import type OpenAI from 'openai'
import type { Calls } from '../call.ts'

/** Methods that combine other calls, make none, or would wait for ever for a state. */
const COMPOSED = /poll|stream|wait|parse|runTools|unwrap|verifySignature|forResult|uploadAndPoll/i

/**
 * A call of every SDK method that `known` does not list, with made-up ids and as little else as the method takes: new
 * resources are forwarded like the listed ones.
 */
export function restOf(client: OpenAI, known: Calls): Calls {
  const named = new Set(Object.keys(known).map((name) => name.split(' ')[0]))
  const methods = methodsOf(client, []).filter((path) => {
    const name = path.join('.')
    return !named.has(name) && !COMPOSED.test(path.at(-1) ?? '')
  })
  return Object.fromEntries(
    methods.map((path) => [path.join('.'), (each: OpenAI) => callWithMadeUp(each, path)]),
  )
}

/** Paths of all methods of the resources below an object. */
function methodsOf(resource: object, path: readonly string[]): readonly string[][] {
  const own = path.length === 0 ? [] : Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
  const methods = own
    .filter(
      (name) =>
        name !== 'constructor' && !name.startsWith('_') && typeof Reflect.get(resource, name) === 'function',
    )
    .map((name) => [...path, name])
  const beneath = Object.entries(resource).filter(([name, value]) => name !== '_client' && isResource(value))
  return [...methods, ...beneath.flatMap(([name, value]) => methodsOf(value, [...path, name]))]
}

function isResource(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '_client' in value
}

async function callWithMadeUp(client: OpenAI, path: readonly string[]): Promise<void> {
  let owner: unknown
  let found: unknown = client
  for (const name of path) {
    owner = found
    found = typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined
  }
  if (typeof found !== 'function') throw new Error(`there is no ${path.join('.')}`)
  await Reflect.apply(found, owner, parametersOf(found).map(madeUp))
}

/** A method's parameter names from its source, without the request options. */
function parametersOf(method: object): readonly string[] {
  const list = /\(([^)]*)\)/.exec(String(method))?.[1] ?? ''
  const names = list.split(',').map((name) => name.split('=')[0]?.trim() ?? '')
  return names.filter((name) => name !== '' && name !== 'options')
}

/** Ids contain characters that must be escaped. Of an object, only properties that go into the path have values. */
function madeUp(parameter: string): unknown {
  if (!/^(params|body|query|params_|\{.*)$/.test(parameter)) return `${parameter} a+b/ç`
  const get = (target: object, key: string | symbol) => {
    return typeof key === 'string' && /_id$|_key$|_name$|version$|checkpoint$/.test(key)
      ? `${key}_1`
      : Reflect.get(target, key)
  }
  return new Proxy({}, { get })
}

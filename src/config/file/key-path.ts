/** Keys from the root of a document to a value: names and list positions. */
export type KeyPath = readonly PropertyKey[]

const PLAIN = /^[\w-]+$/

/** `teams.research.keys[0].sha256`; a name that contains a dot is quoted: `models."gpt-4.1".price`. */
export function formatPath(path: KeyPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else {
      const name = String(step)
      text += `${text === '' ? '' : '.'}${PLAIN.test(name) ? name : JSON.stringify(name)}`
    }
  }
  return text
}

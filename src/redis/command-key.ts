/**
 * The key of a command, which decides its node. Throws for a command without a key: it cannot be sent to a
 * cluster.
 */
export function keyOf(name: string, args: readonly (string | number)[]): string {
  const key = args[indexOfKey(name, args)]
  if (key === undefined) throw new TypeError(`${name} has no key, so no node of the cluster is meant`)
  return String(key)
}

function indexOfKey(name: string, args: readonly (string | number)[]): number {
  if (name === 'XREADGROUP') return args.indexOf('STREAMS') + 1
  return name === 'XGROUP' ? 1 : 0
}

/**
 * The file of a worker thread beside a module, given the module's `import.meta.url`: sources start sources,
 * compiled modules start compiled ones.
 */
export function threadFile(name: string, moduleUrl: string): URL {
  return new URL(`./${name}${moduleUrl.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl)
}

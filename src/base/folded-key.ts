/**
 * Folds a key's case as Go does: to lower case by way of upper case, so that the Kelvin sign becomes k and
 * the long s becomes s.
 */
export function foldKey(key: string): string {
  return key.toUpperCase().toLowerCase()
}

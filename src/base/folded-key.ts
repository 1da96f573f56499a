/**
 * A key as a parser reads it that does not tell upper from lower case. Lower case by way of upper case: the Kelvin sign
 * becomes a k by the one, the long s an s by the other, as Go has it.
 */
export function foldKey(key: string): string {
  return key.toUpperCase().toLowerCase()
}

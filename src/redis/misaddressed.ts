/**
 * There is a server at the address, but none that can be used so: waiting does not help, another address does. The message
 * names no secret.
 */
export class Misaddressed extends Error {
  override readonly name = 'Misaddressed'
}

/**
 * There is a server at the address, but not one that can be used like this: waiting does not help, only
 * another address does. The message contains no secret.
 */
export class Misaddressed extends Error {
  override readonly name = 'Misaddressed'
}

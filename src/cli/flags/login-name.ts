import { userInfo } from 'node:os'

/** Who calls a command, for an audit. A container's user may have no name. */
export function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody at the command line'
  }
}

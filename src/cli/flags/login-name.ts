import { userInfo } from 'node:os'

/** Who runs a command, for an audit. A container's user may have no name. */
export function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody at the command line'
  }
}

import { compileOwn, type OwnPattern } from './own-pattern.ts'
import { findCards } from './secrets/card.ts'
import { findEmails } from './secrets/email.ts'
import { findIbans } from './secrets/iban.ts'
import { findIps } from './secrets/ip.ts'
import { findKeys } from './secrets/key.ts'
import { withPlainDigits } from './secrets/number-run.ts'
import { findPhones } from './secrets/phone.ts'
import type { Finder, Secret } from './secrets/secret.ts'

/** Takes secrets out of a text; each leaves a mark such as `[email]`. The very same text where there is none. */
export type Redaction = (text: string) => string

/** Where two overlap, what comes first here gives its mark. */
const BUILT_IN: readonly Finder[] = [findKeys, findEmails, findIbans, findCards, findIps, findPhones]

/** All secrets but keys and names in full letters hold a digit or an at sign. */
const ANY_DIGIT_OR_SIGN = /[\d@＠٠-٩۰-۹०-९０-９]|[[({]at[\])}]/i
const ANY_KEY =
  /-----BEGIN|:\/\/|pass|pwd|secret|token|key|credential|authorization|bearer|basic|cookie|kennwort|mdp|contrase|clave|parola|senha|wachtwoord|şifre|парол|كلمة|पासवर्ड|パスワード|暗証|密[码碼]|口令|비밀번호|암호|패스워드|[\w+/=~.-]{16}/i

/** Compiles a redaction: the built-in kinds, always, and own patterns beside them. */
export function compileRedaction(own: readonly OwnPattern[]): Redaction {
  const ownFinders = own.map(compileOwn)

  return (text) => {
    const mayHoldSecret = ANY_DIGIT_OR_SIGN.test(text) || ANY_KEY.test(text)
    if (!mayHoldSecret && ownFinders.length === 0) return text
    const plain = withPlainDigits(text)
    const secrets: Secret[] = []
    if (mayHoldSecret) for (const find of BUILT_IN) for (const secret of find(plain)) secrets.push(secret)
    for (const find of ownFinders) for (const secret of find(text)) secrets.push(secret)
    return secrets.length === 0 ? text : without(text, secrets)
  }
}

/** Secrets that overlap or touch leave one mark, of the first that was found there. */
function without(text: string, secrets: Secret[]): string {
  secrets.sort((a, b) => a.start - b.start)
  let left = ''
  let from = 0
  let open: Secret | undefined
  for (const secret of secrets) {
    if (open !== undefined && secret.start < open.end) {
      open = { ...open, end: Math.max(open.end, secret.end) }
      continue
    }
    if (open !== undefined) {
      left += `${text.slice(from, open.start)}[${open.mark}]`
      from = open.end
    }
    open = secret
  }
  return open === undefined
    ? text
    : `${left}${text.slice(from, open.start)}[${open.mark}]${text.slice(open.end)}`
}

import type { Secret } from './secret.ts'

/** Passwords by their name in languages with blanks between words, with what may precede the value. */
const CALLED =
  /(?<![\p{L}\p{N}])(?:passwort|kennwort|mot de passe|mdp|contraseña|clave|parola d[’']ordine|parola|senha|palavra-passe|wachtwoord|şifre(?:m|si|niz|miz)?|пароль|كلمة (?:المرور|السر)|पासवर्ड)["'`»”]{0,2}[ \t\u00a0]{0,3}(?:([:=：＝—–])|(?:ist|lautet|est|es|è|é|is|هي|है)(?=[ \t]))[ \t\u00a0]{0,3}["'`«“„]?([^\s"'`<>«»“”]{4,})/giu

/** The same for languages without blanks. */
const WRITTEN =
  /(?:パスワード|暗証番号|密码|密碼|口令|비밀번호|암호|패스워드)["'`」』”]{0,2}[ \t\u3000]{0,3}(?:[:=：＝]|[は是为為는은])[ \t\u3000]{0,3}["'`「『“]?([^\s"'`<>「」『』“”。，、；！？]{4,})/gu

/** Values of `Cookie` and `Set-Cookie`: a sequence of pairs. */
const COOKIES =
  /cookie["'`]{0,2}[ \t]{0,3}:[ \t]{0,3}["'`]?([\w!#$%&*+.^|~-]{1,64}=[^\s;"'`]+(?:;[ \t]{0,3}[\w!#$%&*+.^|~-]{1,64}(?:=[^\s;"'`]*)?)*)/gi

/** Passwords after their name, in languages other than English. */
export function* findPasswords(text: string): Generator<Secret> {
  for (const { 0: whole, 1: mark, 2: value = '', index } of text.matchAll(CALLED)) {
    const isSure = mark !== undefined && !/^clave/i.test(whole)
    if (isSure ? /^[^¿¡]/.test(value) : isMixed(value)) yield valueAt(index, whole, value)
  }
  for (const { 0: whole, 1: value = '', index } of text.matchAll(WRITTEN)) {
    // A value in the language itself is prose about passwords; anything else is one.
    if (/[\dA-Za-z]/.test(value)) yield valueAt(index, whole, value)
  }
}

/** Finds the values of cookies in the text of HTTP headers. */
export function* findCookies(text: string): Generator<Secret> {
  for (const { 0: whole, 1: value = '', index } of text.matchAll(COOKIES)) yield valueAt(index, whole, value)
}

/** "La clave es estudiar" reveals none. */
function isMixed(value: string): boolean {
  return /\d|[A-Z].*[A-Z]|[a-z][A-Z]/.test(value)
}

function valueAt(index: number, whole: string, value: string): Secret {
  const start = index + whole.length - value.length
  return { start, end: start + withoutStops(value).length, mark: 'key' }
}

/** Strips punctuation and closing brackets at the end. */
export function withoutStops(value: string): string {
  let end = value.length
  while (end > 1 && ',.;:!?)]}。，'.includes(value.charAt(end - 1))) end -= 1
  return value.slice(0, end)
}

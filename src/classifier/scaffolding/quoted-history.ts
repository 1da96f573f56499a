/** What mail programs write above a quoted or forwarded mail. */
const OLDER_MAIL =
  /^\s*(?:-{2,} ?(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d['’]origine|message transféré|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|原始邮件) ?-{2,}|_{10,}|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié ?:|inicio del mensaje reenviado:|inizio messaggio inoltrato:|início da mensagem reencaminhada:)\s*$/i
const ATTRIBUTION =
  /^\s*(?:on .{6,80} wrote|le .{6,80} a écrit|am .{6,80} schrieb.{0,60}|el .{6,80} escribió|il .{6,80} ha scritto|em .{6,80} escreveu|op .{6,80} schreef.{0,60})\s*[:：]?\s*$/i
/**
 * In these languages it begins with a name: a line could be one until its end is seen, so texts are searched
 * first.
 */
const WROTE = ['写道', '님이 작성'] as const
const NAME_FIRST = /^\s*.{4,60}(?:写道|님이 작성)\s*[:：]?\s*$/
/** The header fields of a mail, in several languages. */
const MAIL_FIELD =
  /^\*?(?:from|sent|to|subject|date|cc|von|gesendet|an|betreff|datum|de|envoyé|à|objet|enviado|enviado el|para|asunto|assunto|da|inviato|a|oggetto|van|verzonden|aan|onderwerp|от|отправлено|кому|тема|发件人|发送时间|收件人|主题|差出人|送信日時|宛先|件名)\*? ?[:：]\*? ?\S/i
const SIGNATURE = /^(?:-- ?|[—–]{1,3})$/

/** Text below quoted lines answers them, unless it is shorter than this. UTF-16 units. */
const LEAST_ANSWER = 16

/** "> When do we meet?", an empty line, and the answer, as in forums and chats. */
function withoutQuoteAbove(lines: readonly string[]): readonly string[] {
  if (!/^> /.test(lines[0] ?? '')) return lines
  const end = lines.findIndex((line) => !line.startsWith('>'))
  if (end === -1) return lines.map((line) => line.replace(/^> ?/, ''))
  if (lines[end]?.trim() !== '') return lines
  const below = lines.slice(end + 1)
  return below.join('\n').trim().length < LEAST_ANSWER ? lines : below
}

/** "Von: Ann <ann@x.org>" followed by two more fields, as mail programs write above a quoted mail. */
function beginsMail(lines: readonly string[], at: number): boolean {
  if (lines[at - 1] !== '' || !MAIL_FIELD.test(lines[at] ?? '')) return false
  return MAIL_FIELD.test(lines[at + 1] ?? '') && MAIL_FIELD.test(lines[at + 2] ?? '')
}

const HEADER = /^[A-Z][\w-]*: /

/** The lines above an older mail; if nothing but header fields, the mail was forwarded to be read. */
function aboveOrForwarded(lines: readonly string[], older: number): readonly string[] {
  const isHeader = (line: string) => line.trim() === '' || HEADER.test(line) || MAIL_FIELD.test(line)
  const above = lines.slice(0, older)
  if (!above.every(isHeader)) return above
  const forwarded = lines.slice(older + 1)
  const begin = forwarded.findIndex((line) => !isHeader(line))
  return begin === -1 ? lines : forwarded.slice(begin)
}

/** A mail's newest words, without quotes and signature; unchanged if nothing else is left. */
export function newestWords(text: string): string {
  if (!text.includes('\n')) return text
  const lines = withoutQuoteAbove(text.split('\n'))
  const older = lines.findIndex(
    (line, at) => OLDER_MAIL.test(line) || SIGNATURE.test(line) || beginsMail(lines, at),
  )
  const newest = older === -1 ? lines : aboveOrForwarded(lines, older)
  const mayBeginWithName = WROTE.some((verb) => text.includes(verb))
  const quoting = newest.findIndex(
    (line) => ATTRIBUTION.test(line) || (mayBeginWithName && NAME_FIRST.test(line)),
  )
  const own =
    quoting === -1
      ? newest
      : newest.filter((line, index) => index !== quoting && !(index > quoting && /^\s*>/.test(line)))
  const words = own.join('\n').trim()
  return words === '' ? text : words
}

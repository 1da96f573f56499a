/** A chat message, as far as this program reads it. Everything else is forwarded unread and unchanged. */
export interface Message {
  readonly role: string
  readonly content?: string | readonly ContentPart[] | null | undefined
}

export interface ContentPart {
  readonly type: string
  readonly text?: unknown
  readonly image_url?: unknown
}

/** `alerts:` in the configuration. */
export interface WebhookSettings {
  readonly url: string
  /** Signs every call. After `whsec_` it is base64, as the Standard Webhooks libraries have it; else its own bytes. */
  readonly secret: string
}

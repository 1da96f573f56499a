/** `alerts:` in the configuration. */
export interface WebhookSettings {
  readonly url: string
  /**
   * Signs every call. After the prefix `whsec_` it is base64, as in the Standard Webhooks libraries;
   * otherwise its bytes are used as they are.
   */
  readonly secret: string
}

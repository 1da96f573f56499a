/**
 * What is kept of a prompt. `features`: what its verdict was computed from, without any words. `excerpt`: the
 * words that were scored. `full`: whole turns of the person. Text is redacted before it is kept.
 */
export const CAPTURE_MODES = ['none', 'features', 'excerpt', 'full'] as const
export type CaptureMode = (typeof CAPTURE_MODES)[number]

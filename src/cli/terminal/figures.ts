/** A bar of `width` cells for a share of 0 to 1; larger shares fill it. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width)
  return '█'.repeat(full) + '·'.repeat(width - full)
}

/** Bold if the terminal supports it. */
export function emphasise(text: string, colour: boolean): string {
  return colour ? `\u001b[1m${text}\u001b[0m` : text
}

import type { Part } from './chat-request.ts'
import type { SimulatedModel } from './models.ts'

const WORDS = /[\p{Script=Latin}\p{M}]+|\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+|\n+/gu

/**
 * Approximate token count of a text, in linear time: a stand-in for the vendor's tokenizer that never exceeds
 * the text's length in UTF-8 bytes.
 */
export function tokensOf(text: string): number {
  let tokens = 0
  for (const [word] of text.matchAll(WORDS)) tokens += tokensOfWord(word)
  return tokens
}

function tokensOfWord(word: string): number {
  const first = word.charCodeAt(0)
  if (first > 0x2e80) return Math.max(1, Math.round(word.length * 0.8))
  if (first > 0x2ff) return Math.ceil(word.length / 3)
  if (first >= 0x30 && first <= 0x39) return Math.ceil(word.length / 3)
  return Math.ceil(word.length / 8)
}

const PIECES =
  /\s*(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,2}|[^\s\p{Script=Han}]{1,12}|$)/gu

/** Splits a text into pieces of about one token each; joined, they are the text again. */
export function piecesOf(text: string): readonly string[] {
  return (text.match(PIECES) ?? []).filter((piece) => piece !== '')
}

/** The most 512-pixel tiles an image can have: 2048 by 768 after scaling. */
const MOST_TILES = 8

/**
 * Tokens of one image by the vendor's formula; if its size is unknown, `unknownTiles` tiles of 512 pixels.
 */
export function imageTokens(part: Part, model: SimulatedModel, unknownTiles = MOST_TILES): number {
  const rule = model.image
  if (rule === undefined) return 0
  const size = pngSize(part.image_url?.url ?? '')
  if ('patch' in rule) return Math.ceil(Math.min(rule.most, patches(size, unknownTiles)) * rule.patch)
  if (part.image_url?.detail === 'low') return rule.base
  return rule.base + rule.tile * (size === undefined ? unknownTiles : tiles(size))
}

/** A tile of 512 pixels is 256 patches of 32. */
function patches(size: Size | undefined, unknownTiles: number): number {
  if (size === undefined) return unknownTiles * 256
  return Math.ceil(size.width / 32) * Math.ceil(size.height / 32)
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Scale to fit 2048 by 2048, then the shorter side down to 768, then count 512-pixel tiles. */
function tiles({ width, height }: Size): number {
  const fit = Math.min(1, 2048 / Math.max(width, height))
  const short = Math.min(1, 768 / (Math.min(width, height) * fit))
  const scale = fit * short
  return Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512)
}

/** Width and height from the header of a PNG in a data URL. */
function pngSize(url: string): Size | undefined {
  const [head, data] = url.split(',', 2)
  if (head !== 'data:image/png;base64' || data === undefined) return undefined
  const bytes = Buffer.from(data.slice(0, 64), 'base64')
  if (bytes.length < 24) return undefined
  return { width: Math.max(1, bytes.readUInt32BE(16)), height: Math.max(1, bytes.readUInt32BE(20)) }
}

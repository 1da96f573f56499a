import type { ImageAsk } from '../base/prompt-size.ts'
import type { ImageRule } from '../base/target.ts'

/** An image is fitted into 2048 x 2048, its shorter side scaled to 768: at most 4 by 2 tiles of 512 px. */
const MOST_TILES = 8
const PATCH_SIDE = 32

/**
 * The most tokens an image can cost on a model. An image of unknown size costs as much as the largest: what a
 * header says is trusted, what is missing is not guessed. Infinite if no formula is known and only the
 * context is a bound.
 */
export function imageTokens(image: ImageAsk, rule: ImageRule): number {
  if (rule.kind === 'context') return Number.POSITIVE_INFINITY
  if (rule.kind === 'tiles')
    return image.detail === 'low' ? rule.base : rule.base + tilesOf(image) * rule.tile
  return Math.ceil(Math.min(rule.most, patchesOf(image)) * rule.multiplier)
}

/**
 * Tiles of 512 px once the shorter side is 768: two along it, and one for every started 512 along the longer
 * side. The vendor's text leaves open whether a small image is enlarged to that size; the bound takes the
 * dearer reading.
 */
function tilesOf({ width, height }: ImageAsk): number {
  if (!isLength(width) || !isLength(height)) return MOST_TILES
  const longer = Math.max(width, height)
  const shorter = Math.min(width, height)
  return Math.min(MOST_TILES, 2 * Math.ceil((3 * longer) / (2 * shorter)))
}

/** Patches of 32 px, always counted at `detail: high`: no formula says that `low` costs less. */
function patchesOf({ width, height }: ImageAsk): number {
  if (!isLength(width) || !isLength(height)) return Number.POSITIVE_INFINITY
  return Math.ceil(width / PATCH_SIDE) * Math.ceil(height / PATCH_SIDE)
}

function isLength(side: number | undefined): side is number {
  return side !== undefined && Number.isFinite(side) && side > 0
}

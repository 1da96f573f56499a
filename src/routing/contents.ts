import type { ImageAsk } from '../base/prompt-size.ts'
import type { Capability } from '../base/target.ts'
import type { Need } from './features.ts'
import { imageSize } from './image-size.ts'

/** What a prompt's turns contain besides text, for either endpoint. */
export class Contents {
  readonly instructions: { index: number; role: 'system' | 'developer' }[] = []
  readonly images: ImageAsk[] = []
  /** Bytes of image, audio and file data, which are not text. */
  dataBytes = 0
  /** Images the upstream fetches itself. */
  remoteImages = 0
  /** It contains something whose tokens cannot be bounded here. */
  unbounded = false
  readonly #hard: Need[]

  /** Each need is added to `hard` once, where it first occurs. */
  constructor(hard: Need[]) {
    this.#hard = hard
  }

  need(capability: Capability, param: string): void {
    if (!this.#hard.some((need) => need.capability === capability)) this.#hard.push({ capability, param })
  }

  image(url: unknown, asked: unknown, param: string): void {
    this.need('images', param)
    const detail = asked === 'low' ? 'low' : 'high'
    if (typeof url !== 'string' || !url.startsWith('data:')) {
      this.remoteImages += 1
      this.images.push({ detail })
      return
    }
    this.dataBytes += url.length
    this.images.push({ detail, ...imageSize(url) })
  }

  /** Audio and files. */
  opaque(capability: Capability, data: unknown, param: string): void {
    this.need(capability, param)
    this.unbounded = true
    if (typeof data === 'string') this.dataBytes += data.length
  }
}

/** A field of a value from outside; undefined unless it is an object that has it. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

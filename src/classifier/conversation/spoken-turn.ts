import type { Judge, Judgement } from '../judgement.ts'
import type { Askable } from './ask.ts'
import { excerptOf } from './excerpt.ts'
import type { Tie } from './follow-up.ts'

/** Letters as wide as two, and as good as two. */
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu

/** A turn of the person who asks, freed of scaffolding. */
export class SpokenTurn implements Askable {
  readonly text: string
  /** UTF-16 units of it, where only its ends were looked at: of the whole. */
  readonly length: number
  readonly turnsBack: number
  readonly tie: Tie
  readonly mayHang: boolean
  #excerpt: string | undefined
  #judgement: Judgement | undefined

  constructor(text: string, length: number, turnsBack: number, tie: Tie, mayHang: boolean) {
    this.text = text
    this.length = length
    this.turnsBack = turnsBack
    this.tie = tie
    this.mayHang = mayHang
  }

  /** What is scored of it. */
  get excerpt(): string {
    this.#excerpt ??= excerptOf(this.text)
    return this.#excerpt
  }

  /** What the one judge of this turn says of it, who is asked once. */
  judgedBy(judge: Judge): Judgement {
    this.#judgement ??= judge(this.excerpt)
    return this.#judgement
  }

  get units(): number {
    return this.text.length
  }

  get width(): number {
    return widthOf(this.text)
  }
}

/** UTF-16 units of a text, wide letters counted twice. */
export function widthOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0)
}

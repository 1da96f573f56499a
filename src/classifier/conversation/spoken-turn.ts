import type { Judge, Judgement } from '../judgement.ts'
import type { Askable } from './ask.ts'
import { excerptOf } from './excerpt.ts'
import type { Tie } from './follow-up.ts'

/** Scripts whose letters are twice as wide and carry twice as much. */
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu

/** One of the user's turns, with scaffolding removed. */
export class SpokenTurn implements Askable {
  readonly text: string
  /** Length of the text in UTF-16 units; if only its ends were read, the length of the whole. */
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

  /** The part of it that is scored. */
  get excerpt(): string {
    this.#excerpt ??= excerptOf(this.text)
    return this.#excerpt
  }

  /** Its judgement, computed once; always call with the same judge. */
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

/** Length of a text in UTF-16 units, with wide letters counted twice. */
export function widthOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0)
}

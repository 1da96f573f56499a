import { styleText } from 'node:util'
import type { PromptClass } from '../../base/prompt-class.ts'
import type { Io } from '../command.ts'
import { wantsColour } from '../terminal/colour.ts'

type Paint = (text: string) => string

/** Colours by meaning. */
export interface Palette {
  readonly byClass: Readonly<Record<PromptClass, Paint>>
  readonly title: Paint
  readonly faint: Paint
  readonly good: Paint
  readonly refused: Paint
}

/** Colours where they are wanted; plain text elsewhere. */
export function paletteFor(io: Pick<Io, 'stdout' | 'env'>): Palette {
  const wanted = wantsColour(io)
  const paint = (format: Parameters<typeof styleText>[0]): Paint =>
    wanted ? (text) => styleText(format, text, { validateStream: false }) : (text) => text
  return {
    byClass: {
      stem_reasoning: paint('cyan'),
      factual_recall: paint('green'),
      language_heavy: paint('magenta'),
    },
    title: paint('bold'),
    faint: paint('dim'),
    good: paint(['bold', 'green']),
    refused: paint('yellow'),
  }
}

const SPACE = 0
const NEWLINE = 1
const SMALL = 2
const CAPITAL = 3
const DIGIT = 4
const MARK = 5
const CONTROL = 6
const ACCENTED = 7
const ALPHABETIC = 8
const IDEOGRAM = 9
const SURROGATE = 10
const RARE = 11

/** A class of characters that tokenizers split alike. */
type Kind = number

const KIND_COUNT = 12

/** The kind of every UTF-16 unit. */
const KINDS = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  unit < 0x80 ? asciiKindOf(unit) : rarerKindOf(unit),
)

/** The kind of a UTF-16 code unit. */
export function kindOf(unit: number): Kind {
  return KINDS[unit] ?? RARE
}

function asciiKindOf(unit: number): Kind {
  if (unit >= 97 && unit <= 122) return SMALL
  if (unit === 32 || unit === 9) return SPACE
  if (unit >= 65 && unit <= 90) return CAPITAL
  if (unit >= 48 && unit <= 57) return DIGIT
  if (unit === 10 || unit === 13) return NEWLINE
  return unit < 32 || unit === 127 ? CONTROL : MARK
}

/** Anything not listed is so rare in tokenizers' training data that every byte may be a token. */
function rarerKindOf(unit: number): Kind {
  if (unit < 0xc0) return MARK
  if (unit < 0x250 || (unit >= 0x1e00 && unit < 0x1f00)) return ACCENTED
  if (unit >= 0x370 && unit < 0x700) return ALPHABETIC
  if (unit >= 0x900 && unit < 0xf00) return ALPHABETIC
  if ((unit >= 0x10a0 && unit < 0x1200) || (unit >= 0x1f00 && unit < 0x2070)) return ALPHABETIC
  if (unit >= 0x3000 && unit < 0x3100) return IDEOGRAM
  if ((unit >= 0x4e00 && unit < 0xa000) || (unit >= 0xac00 && unit < 0xd7b0)) return IDEOGRAM
  if (unit >= 0xd800 && unit < 0xe000) return SURROGATE
  return unit >= 0xff00 ? IDEOGRAM : RARE
}

/** A longer run of lower-case letters is no word, or several. */
const LONGEST_WORD = 16

/** Tokens of one run of characters of a kind. Fitted to o200k_base on the texts of the test. */
function tokensOf(kind: Kind, run: number): number {
  switch (kind) {
    // A single space belongs to the following word; longer runs are tokens of their own.
    case SPACE:
      return run < 2 ? 0 : 1 + run / 64
    case NEWLINE:
      return 1 + run / 8
    case SMALL:
      return run <= LONGEST_WORD ? Math.ceil(run / 6) : 3 + (run - LONGEST_WORD) / 2
    case CAPITAL:
      return Math.ceil(run / 2)
    case DIGIT:
      return Math.ceil(run / 3)
    case MARK:
      return Math.ceil(run / 2)
    case ACCENTED:
      return run <= 3 ? run / 2.4 : run
    case ALPHABETIC:
      return run / 2.4
    case IDEOGRAM:
      return run * 0.9
    case SURROGATE:
      return run * 1.25
    case RARE:
      return run * 3
    default:
      return run
  }
}

/** All token fractions above are multiples of 1/960. */
export const PARTS = 960

/** Beyond the longest word the cost per character repeats with a period of six. */
const RUNS = 24
const PERIOD = 6

/** Row width: at least the number of kinds, as a power of two. */
const WIDTH = 16

/**
 * A state machine. The state is the kind of the last character and the length of its run; the entry for the
 * next character's kind holds the next state (times `WIDTH`, in the lower half) and the parts of a token it
 * adds (in the upper half).
 */
export const STEPS = Int32Array.from({ length: KIND_COUNT * RUNS * WIDTH }, (_, index) => {
  const next = index % WIDTH
  const run = Math.floor(index / WIDTH) % RUNS
  const kind = Math.floor(index / WIDTH / RUNS)
  return next < KIND_COUNT ? stepOf(kind, run, next) : 0
})

/** The state before the first character. */
export const FIRST_STEP = 0

function stepOf(kind: Kind, run: number, next: Kind): number {
  // A capital starts a new token only after a lower-case letter: `NanoUsd` is two runs, `USD` is one.
  const goesOn = next === kind || (next === SMALL && kind === CAPITAL && run === 1)
  const length = goesOn ? run + 1 : 1
  const before = goesOn && run > 0 ? tokensOf(kind, run) : 0
  // A space belongs to the following word, but not to a number.
  const alone = next === DIGIT && kind === SPACE && run === 1 ? 1 : 0
  const parts = Math.round((tokensOf(next, length) - before + alone) * PARTS)
  const stands = next * RUNS + (length < RUNS ? length : length - PERIOD)
  return (parts << 16) | (stands * WIDTH)
}

import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'

const Pattern = z.string().min(1)
const Languages = z
  .array(z.string().regex(/^[a-z]{2,3}$|^any$/, 'is a language code such as fr, or any'))
  .min(1)

/** Evidence written down by a person: if a pattern is found, its class gains `weight` log-odds. */
export const Rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is made of lower-case words joined by hyphens'),
  class: z.enum(PROMPT_CLASSES),
  /** Log-odds; a negative value speaks against the class. */
  weight: z.number().min(-8).max(8),
  /** Overrides the model, whatever it says. */
  decide: z.boolean().default(false),
  reason: z.string().min(1),
  languages: Languages,
  /** Any of them suffices. In lower case; `\b` is one character that is neither letter nor digit. */
  patterns: z.array(Pattern).min(1),
  example: z.string().min(1),
  counter_example: z.string().min(1),
})
export type Rule = z.infer<typeof Rule>

const Phrases = z.array(z.string().regex(/^\S+( \S+){0,3}$/, 'is one to four words')).default([])

/** How people continue an earlier ask. All in lower case, without punctuation. */
export const FollowUp = z.strictObject({
  languages: Languages,
  /** Say nothing, alone or around other words: "ok", "thank you". */
  fillers: Phrases,
  /** Whole clauses: "why", "which one". */
  alone: Phrases,
  /** Begin a fragment of a few words: "and", "what about". */
  openings: Phrases,
  /** Each must match a whole clause. */
  patterns: z.array(Pattern).min(1),
  example: z.string().min(1),
  counter_example: z.string().min(1),
})
export type FollowUp = z.infer<typeof FollowUp>

const Names = z.array(z.string().min(1).toLowerCase()).default([])

const Tag = z.string().regex(/^[A-Za-z][\w.:-]*$/, 'is a tag name without brackets')

/** What programs wrap around a person's words. */
export const Scaffolding = z.strictObject({
  /** Blocks to remove: `<tag>…</tag>`. */
  remove: z.array(Tag).default([]),
  /** Blocks with what an ask is about: removed if anything else is said. */
  background: z.array(Tag).default([]),
  /** Blocks with the person's words: only their content is read. */
  keep: z.array(Tag).default([]),
  /** The same, but only if nothing but tags is outside of them. */
  keep_alone: z.array(Tag).default([]),
  /** Where the newest words begin and end in a conversation flattened into one text. */
  templates: z
    .array(
      z.strictObject({
        begin: z.string().min(1),
        end: z.string().min(1).optional(),
        /** Only if nothing follows the end. */
        last: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Names of slots in a prompt that ends with an empty one for the answer. */
  slots: z.strictObject({ ask: Names, rest: Names, answer: Names }).prefault({}),
  /** Markdown headings in a prompt: above the person's words, and above everything else. */
  headings: z.strictObject({ ask: Names, rest: Names }).prefault({}),
  /** Speakers in a log of a conversation: those who ask, and those who answer. */
  speakers: z.strictObject({ people: Names, programs: Names }).prefault({}),
  /** Fields of a ticket or form: those about the words, and those that hold them. */
  fields: z.strictObject({ about: Names, words: Names }).prefault({}),
  /** Phrases after which fenced files below their paths are a program's. */
  dumps: z.array(z.string().min(1)).default([]),
  /** How letters begin and end: greetings, lines above a name, starts of mail footers (`*` for anything). */
  letters: z.strictObject({ greetings: Names, closings: Names, small_print: Names }).prefault({}),
  /** Sentences around the words that only say how to answer, or who answers. */
  directives: z
    .strictObject({
      openings: Names,
      about: Names,
      personas: Names,
      before: Names,
      text: Names,
      material: Names,
    })
    .prefault({}),
  /** What a bot or an assistant is called by before the words: "hey siri", "/ask". */
  calls: Names,
  /** Beginnings of a program's lines, and of lines from which on everything is; `*` stands for anything. */
  lines: z.array(z.string().min(1)).default([]),
  tails: z.array(z.string().min(1)).default([]),
  /** Keys of a JSON or YAML envelope whose value is the person's words, likeliest first. */
  envelope_keys: z.array(z.string().min(1)).default([]),
  /** Beginnings of turns written by a program (`*` for anything). Such a turn asks nothing new. */
  results: z.array(z.string().min(1)).default([]),
})
export type Scaffolding = z.infer<typeof Scaffolding>

/** When a verdict is an abstention; absent values come from the configuration. */
export const Thresholds = z.strictObject({
  /** Calibrated confidence. */
  abstain_below: z.number().min(0).max(1).optional(),
  abstain_to: z.enum(PROMPT_CLASSES).optional(),
})
export type Thresholds = z.infer<typeof Thresholds>

/** The contents of `rules.yaml`. */
export const RuleBook = z
  .strictObject({
    rules: z.array(Rule),
    follow_ups: z.array(FollowUp).default([]),
    scaffolding: Scaffolding.prefault({}),
    thresholds: Thresholds.optional(),
  })
  .superRefine((book, context) => {
    const seen = new Set<string>()
    for (const [index, rule] of book.rules.entries()) {
      if (seen.has(rule.id)) {
        context.addIssue({ code: 'custom', path: ['rules', index, 'id'], message: `"${rule.id}" is taken` })
      }
      seen.add(rule.id)
    }
  })
export type RuleBook = z.infer<typeof RuleBook>

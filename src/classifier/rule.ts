import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'

const Pattern = z.string().min(1)
const Languages = z
  .array(z.string().regex(/^[a-z]{2,3}$|^any$/, 'is a language code such as fr, or any'))
  .min(1)

/** One piece of evidence a person wrote down: if a pattern is found, its class gains `weight` log-odds. */
export const Rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is made of lower-case words joined by hyphens'),
  class: z.enum(PROMPT_CLASSES),
  /** Log-odds; negative speaks against the class. */
  weight: z.number().min(-8).max(8),
  /** Settles the matter, whatever the model says. */
  decide: z.boolean().default(false),
  reason: z.string().min(1),
  languages: Languages,
  /** Any of them. In lower case; `\b` is one character that is neither letter nor digit. */
  patterns: z.array(Pattern).min(1),
  example: z.string().min(1),
  counter_example: z.string().min(1),
})
export type Rule = z.infer<typeof Rule>

const Phrases = z.array(z.string().regex(/^\S+( \S+){0,3}$/, 'is one to four words')).default([])

/** How people go on about what was asked before. All in lower case, without marks. */
export const FollowUp = z.strictObject({
  languages: Languages,
  /** Say nothing, alone or around other words: "ok", "thank you". */
  fillers: Phrases,
  /** Whole clauses: "why", "which one". */
  alone: Phrases,
  /** Begin a fragment of a few words: "and", "what about". */
  openings: Phrases,
  /** Each matches a clause from its first letter to its last. */
  patterns: z.array(Pattern).min(1),
  example: z.string().min(1),
  counter_example: z.string().min(1),
})
export type FollowUp = z.infer<typeof FollowUp>

const Names = z.array(z.string().min(1).toLowerCase()).default([])

const Tag = z.string().regex(/^[A-Za-z][\w.:-]*$/, 'is a tag name without brackets')

/** What programs wrap around a person's words. */
export const Scaffolding = z.strictObject({
  /** Blocks that are taken out: `<tag>…</tag>`. */
  remove: z.array(Tag).default([]),
  /** Blocks of what an ask is about: taken out where anything else is said. */
  background: z.array(Tag).default([]),
  /** Blocks that hold the person's words: only their content is read. */
  keep: z.array(Tag).default([]),
  /** The same, but only where nothing but tags stands outside of them. */
  keep_alone: z.array(Tag).default([]),
  /** Where the newest words begin and end in a conversation that was flattened into one text. */
  templates: z
    .array(
      z.strictObject({
        begin: z.string().min(1),
        end: z.string().min(1).optional(),
        /** Only where nothing follows the end. */
        last: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Names of the slots of a prompt that ends in an empty one for the answer. */
  slots: z.strictObject({ ask: Names, rest: Names, answer: Names }).prefault({}),
  /** Headings of a prompt in Markdown: above the person's words, and above all else. */
  headings: z.strictObject({ ask: Names, rest: Names }).prefault({}),
  /** Who speaks in a log of a conversation: those who ask, and those who answer. */
  speakers: z.strictObject({ people: Names, programs: Names }).prefault({}),
  /** Fields of a ticket or form: those about the words, and those that hold them. */
  fields: z.strictObject({ about: Names, words: Names }).prefault({}),
  /** Phrases after which fenced files below their paths are a program's. */
  dumps: z.array(z.string().min(1)).default([]),
  /** How letters begin and end: greetings, lines above a name, beginnings of what a mail program adds (`*` for anything). */
  letters: z.strictObject({ greetings: Names, closings: Names, small_print: Names }).prefault({}),
  /** Sentences around the words that only say how to answer, or who does. */
  directives: z
    .strictObject({ openings: Names, about: Names, personas: Names, before: Names, text: Names })
    .prefault({}),
  /** What a bot or an assistant is called by before the words: "hey siri", "/ask". */
  calls: Names,
  /** How lines begin that are a program's, and lines from which on all is; `*` stands for anything. */
  lines: z.array(z.string().min(1)).default([]),
  tails: z.array(z.string().min(1)).default([]),
  /** Keys of a JSON or YAML envelope whose value is the person's words, the likeliest first. */
  envelope_keys: z.array(z.string().min(1)).default([]),
  /** How turns begin that a program wrote in the person's place; `*` stands for anything. Such a turn asks nothing new. */
  results: z.array(z.string().min(1)).default([]),
})
export type Scaffolding = z.infer<typeof Scaffolding>

/** When a verdict is none; what is absent is as the configuration says. */
export const Thresholds = z.strictObject({
  /** Calibrated confidence. */
  abstain_below: z.number().min(0).max(1).optional(),
  abstain_to: z.enum(PROMPT_CLASSES).optional(),
})
export type Thresholds = z.infer<typeof Thresholds>

/** All that `rules.yaml` says. */
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

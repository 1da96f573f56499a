import { parseRuleBook } from '../config/classifier.ts'
import { type CompiledBook, compileBook } from '../config/compiled-book.ts'
import type { CompileElsewhere } from '../config/configuration.ts'
import { ConfigError, type Problem } from '../config/file/config-error.ts'
import { RuleShelf } from '../config/rule-shelf.ts'
import { JobFailed, type Workshop } from './workshop.ts'

/** Rules as written. */
export interface WrittenRules {
  /** The name used in problems. */
  readonly file: string
  readonly text: string
  /** The folder of candidates; compiled rules are cached beside it. */
  readonly candidates: string
}

/** Compiled rules, or their problems. */
export type CompiledRules = { readonly compiled: CompiledBook } | { readonly problems: readonly Problem[] }

/** Checks and compiles rules in the calling thread, and caches the result. */
export function compileWritten({ file, text, candidates }: WrittenRules): CompiledRules {
  try {
    return { compiled: compileBook(parseRuleBook(file, text, new RuleShelf(candidates))) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { problems: error.problems }
  }
}

/** The same in the workshop. If it has no thread, the caller's own does it: late is better than never. */
export function compileInWorkshop(
  workshop: Pick<Workshop, 'run'>,
  candidates: () => string,
): CompileElsewhere {
  return async (file, text) => {
    const rules = { file, text, candidates: candidates() }
    const done = await workshop.run('compile', rules).catch((error: unknown) => {
      if (error instanceof JobFailed) return compileWritten(rules)
      throw error
    })
    if ('problems' in done) throw new ConfigError(done.problems)
    return done.compiled
  }
}

import { fail } from '../base/failure.ts'
import { isPromptClass, type PromptClass } from '../base/prompt-class.ts'

/** How the client steers: by class, not at all (the prompt decides), or around the classes. */
export type Wish =
  | { readonly kind: 'auto' }
  | { readonly kind: 'class'; readonly class: PromptClass }
  /** This model and no other, adapted where that helps. */
  | { readonly kind: 'pin'; readonly model: string }
  /** The model that holds the state, or another of its upstream if that one cannot take the request. */
  | { readonly kind: 'held'; readonly model: string; readonly upstream: string }
  /** The model the client named, with the request unchanged. */
  | { readonly kind: 'off'; readonly model: string }

/** The team settings that limit steering; `Team` satisfies it. */
export interface Steering {
  /** `always`: any model name routes. `auto_only`: only `auto` does, other names are literal. `off`: none. */
  readonly routing: 'always' | 'auto_only' | 'off'
  /** The models the team may use; undefined allows every configured one. */
  readonly models: ReadonlySet<string> | undefined
}

const CLASS_PREFIX = 'trivium/'
const PIN_PREFIX = 'trivium/pin:'

/**
 * Reads the wish from the body's `model` and from the header `x-trivium-route` (`auto`, `off`, a class or a
 * model), which takes precedence. Throws `model_not_found` for a pin that is unknown or not on the team's
 * list, for an unknown `trivium/…` name, and for `auto` or a class if the team's requests are never routed.
 */
export function readWish(
  model: string,
  header: string | undefined,
  steering: Steering,
  known: { has(model: string): boolean },
): Wish {
  const asked = header?.trim()
  const wish = asked ? headerWish(asked, model) : modelWish(model, steering)
  if (wish.kind === 'pin' || wish.kind === 'off') {
    const isKnown = known.has(wish.model)
    if (!isKnown || steering.models?.has(wish.model) === false) {
      fail({
        code: 'model_not_found',
        model: wish.model,
        isUnlisted: !isKnown && steering.models === undefined,
      })
    }
  } else if (steering.routing === 'off') fail({ code: 'model_not_found', model: asked || model })
  return wish
}

/** Whether a name is not one of ours. */
export function isVendors(name: string): boolean {
  return name !== 'auto' && !name.startsWith(CLASS_PREFIX)
}

/** Whether a body's `model` means this very model, by name or as a pin. */
export function isNameOf(name: string, model: string): boolean {
  return name === model || name === PIN_PREFIX + model
}

function headerWish(asked: string, model: string): Wish {
  if (asked === 'off') return { kind: 'off', model }
  return asked === 'auto' || asked.startsWith(CLASS_PREFIX) ? routedWish(asked) : namedWish(asked)
}

function modelWish(model: string, steering: Steering): Wish {
  if (model === 'auto' || model.startsWith(CLASS_PREFIX)) return routedWish(model)
  return steering.routing === 'always' ? { kind: 'auto' } : { kind: 'off', model }
}

function routedWish(name: string): Wish {
  if (name === 'auto') return { kind: 'auto' }
  if (name.startsWith(PIN_PREFIX)) return { kind: 'pin', model: name.slice(PIN_PREFIX.length) }
  const rest = name.slice(CLASS_PREFIX.length)
  return isPromptClass(rest) ? { kind: 'class', class: rest } : fail({ code: 'model_not_found', model: name })
}

function namedWish(name: string): Wish {
  return isPromptClass(name) ? { kind: 'class', class: name } : { kind: 'pin', model: name }
}

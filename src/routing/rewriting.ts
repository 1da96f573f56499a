import { type Edit, elementsOf, type Member } from '../base/json-span.ts'
import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'
import { ObjectEdits } from './object-edits.ts'
import { effortOf, takes } from './terms.ts'

const STATED_TIER = 'default'
const STANDARD_TIERS: ReadonlySet<string> = new Set(['auto', STATED_TIER])

/**
 * Keeps only the occurrence that was read of every field that is read: an upstream parser that takes the
 * first of several, or ignores case, must not read another model, cap or id than was decided on. Returns what
 * was removed, for `x-trivium-adapted`.
 */
export function onceEach(root: ObjectEdits, fields: ReadonlySet<string>): string[] {
  const changes = root.dropRepeats(fields).map((key) => `-repeated_${key}`)
  for (const key of root.dropLookAlikes(fields)) changes.push(`-look_alike_${key}`)
  return changes
}

/** Instructions keep their position and text; only their role changes. */
export function renameRoles(
  { needs, target, body }: { readonly needs: Needs; readonly target: Target; readonly body: Buffer },
  turns: Member | undefined,
  inner: Edit[],
  changes: string[],
): void {
  const renamed = needs.instructions.filter(({ role }) => !target.capabilities.has(role))
  if (renamed.length === 0 || turns === undefined) return
  const elements = elementsOf(body, turns.start)
  for (const { index, role } of renamed) {
    const other = role === 'system' ? 'developer' : 'system'
    const accepted = target.capabilities.has(other) ? other : 'user'
    const element = elements[index]
    if (element === undefined) continue
    const turn = new ObjectEdits(body, element.start)
    turn.set('role', `"${accepted}"`)
    inner.push(...turn.edits())
    note(changes, `${role}->${accepted}`)
  }
}

/**
 * Dearer tiers would break the held bound, and most models refuse cheaper ones. A request that names no tier
 * is served at its project's default, so under a budget the standard tier is stated.
 */
export function settleTier(
  {
    request,
    target,
    stateCap,
  }: {
    readonly request: { readonly service_tier?: string | null | undefined }
    readonly target: Target
    readonly stateCap: boolean
  },
  root: ObjectEdits,
  changes: string[],
): void {
  const { service_tier: tier } = request
  const isStandard = !tier || STANDARD_TIERS.has(tier)
  if (stateCap && tier !== STATED_TIER && target.capabilities.has('service_tier')) {
    root.set('service_tier', JSON.stringify(STATED_TIER))
    note(changes, `service_tier=${STATED_TIER}`)
  } else if (!isStandard) drop('service_tier', root, changes)
}

/** Leaves out what asks for nothing, and what the target lacks or refuses. */
export function dropRefused(
  { needs, target }: { readonly needs: Needs; readonly target: Target },
  root: ObjectEdits,
  changes: string[],
): void {
  for (const field of needs.idle ?? []) drop(field, root, changes)
  const effort = effortOf(needs, target)
  for (const { capability, param } of needs.soft) {
    if (!takes(target, capability, effort)) drop(param, root, changes)
  }
  for (const field of target.refuses) {
    if (root.last(field) !== undefined) drop(field, root, changes)
  }
}

/** Removes a field and notes it. */
export function drop(field: string, root: ObjectEdits, changes: string[]): void {
  root.drop(field)
  note(changes, `-${field}`)
}

/** Notes a change for `x-trivium-adapted`, once however often it is made. */
export function note(changes: string[], change: string): void {
  if (!changes.includes(change)) changes.push(change)
}

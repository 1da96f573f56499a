/** What people may do, each all that the one before may. */
export const ROLES = ['viewer', 'reviewer', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Whoever has shown a credential. */
export type Asker = Person | Holder

/** Somebody who runs this installation, or looks after it. */
export interface Person {
  readonly name: string
  readonly role: Role
  /** Whether it was the admin token that was shown, which several may know. */
  readonly shared: boolean
}

/** Who has an API key, and sees what concerns that key and its team. */
export interface Holder {
  /** `research/ci` */
  readonly name: string
  readonly role: 'holder'
  readonly team: string
  readonly key: string
}

/** Whom an endpoint is for: `public` asks for no credential, `any` takes each, `holder` those of keys alone. */
export type Audience = 'public' | 'any' | 'holder' | Role

/** Whether somebody belongs to an audience. */
export function isMeant({ role }: Asker, audience: Audience): boolean {
  if (audience === 'public' || audience === 'any') return true
  if (audience === 'holder' || role === 'holder') return audience === role
  return ROLES.indexOf(role) >= ROLES.indexOf(audience)
}

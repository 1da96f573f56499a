/** Roles, each including the rights of those before it. */
export const ROLES = ['viewer', 'reviewer', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Anyone who has presented a valid credential. */
export type Caller = Person | Holder

/** A person who operates this installation. */
export interface Person {
  readonly name: string
  readonly role: Role
  /** Whether the shared admin token was used, which several people may know. */
  readonly shared: boolean
}

/** The holder of an API key, who sees what concerns that key and its team. */
export interface Holder {
  /** `research/ci` */
  readonly name: string
  readonly role: 'holder'
  readonly team: string
  readonly key: string
}

/**
 * Whom an endpoint is for: `public` needs no credential, `any` accepts every kind, `holder` only API keys.
 */
export type Audience = 'public' | 'any' | 'holder' | Role

/** Whether a caller belongs to an audience. */
export function isMeant({ role }: Caller, audience: Audience): boolean {
  if (audience === 'public' || audience === 'any') return true
  if (audience === 'holder' || role === 'holder') return audience === role
  return ROLES.indexOf(role) >= ROLES.indexOf(audience)
}

/**
 * Stands where a team has no epoch. An epoch begins when the team's balances are loaded into Redis; holds and
 * rows name the one they were counted in, which tells what was lost together with the balances. No balances
 * ever have this one.
 */
export const NO_EPOCH = ''

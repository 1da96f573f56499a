import type { TeamBudget } from '../../../admin/api/answers/teams.ts'

const NAMES: Readonly<Record<TeamBudget['per'], string>> = {
  hour: 'This hour',
  day: 'Today',
  week: 'This week',
  month: 'This month',
  total: 'In all',
}

/** A budget's window in words. */
export function perWindow(per: TeamBudget['per']): string {
  return NAMES[per]
}

import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { Role } from './api/session.ts'
import type { IconName } from './parts/icon.tsx'

type Lazy = LazyExoticComponent<ComponentType>

/**
 * A page of the console. Navigation, routes and the list of keyboard shortcuts are derived from this table.
 */
export interface Page {
  /** A wouter route pattern. */
  readonly path: string
  readonly component: Lazy
  /** The minimum role; `holder`: key holders only. */
  readonly role: Role
  /** Absent: reached from another page. */
  readonly inNavigation?: { readonly name: string; readonly icon: IconName; readonly key: string }
}

export const PAGES: readonly Page[] = [
  {
    path: '/',
    component: lazy(() => import('./pages/overview/overview.tsx')),
    role: 'viewer',
    inNavigation: { name: 'Overview', icon: 'overview', key: 'o' },
  },
  {
    path: '/requests',
    component: lazy(() => import('./pages/requests/requests.tsx')),
    role: 'viewer',
    inNavigation: { name: 'Requests', icon: 'requests', key: 'r' },
  },
  { path: '/requests/:id', component: lazy(() => import('./pages/request/request.tsx')), role: 'viewer' },
  {
    path: '/savings',
    component: lazy(() => import('./pages/savings/savings.tsx')),
    role: 'viewer',
    inNavigation: { name: 'Savings', icon: 'savings', key: 's' },
  },
  {
    path: '/review',
    component: lazy(() => import('./pages/review/review.tsx')),
    role: 'reviewer',
    inNavigation: { name: 'Review', icon: 'review', key: 'v' },
  },
  {
    path: '/tuning',
    component: lazy(() => import('./pages/tuning/tuning.tsx')),
    role: 'viewer',
    inNavigation: { name: 'Tuning', icon: 'tuning', key: 't' },
  },
  {
    path: '/teams',
    component: lazy(() => import('./pages/teams/teams.tsx')),
    role: 'viewer',
    inNavigation: { name: 'Teams', icon: 'teams', key: 'm' },
  },
  { path: '/teams/:team', component: lazy(() => import('./pages/teams/team.tsx')), role: 'viewer' },
  {
    path: '/audit',
    component: lazy(() => import('./pages/audit/audit.tsx')),
    role: 'admin',
    inNavigation: { name: 'Audit', icon: 'audit', key: 'a' },
  },
  {
    path: '/own',
    component: lazy(() => import('./pages/own/own.tsx')),
    role: 'holder',
    inNavigation: { name: 'My key', icon: 'key', key: 'k' },
  },
]

import { Kbd } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link, useLocation } from 'wouter'
import type { Page } from '../pages.ts'
import { Icon } from '../parts/icon.tsx'
import classes from './shell.module.css'

/** The pages that the user may see. */
export function Navigation({ pages, onGo }: { readonly pages: readonly Page[]; onGo(): void }): ReactElement {
  const [location] = useLocation()
  return (
    <nav aria-label="Pages" className={classes.navigation}>
      {pages.map(
        ({ path, inNavigation }) =>
          inNavigation !== undefined && (
            <Link
              key={path}
              href={path}
              onClick={onGo}
              className={classes.link ?? ''}
              aria-current={isAt(location, path) ? 'page' : undefined}
            >
              <Icon name={inNavigation.icon} />
              <span>{inNavigation.name}</span>
              <Kbd size="xs" className={classes.hint ?? ''} aria-hidden="true">
                g {inNavigation.key}
              </Kbd>
            </Link>
          ),
      )}
    </nav>
  )
}

function isAt(location: string, path: string): boolean {
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`)
}

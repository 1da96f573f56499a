import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactElement, Suspense, useState } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { Client, Refusal } from './api/client.ts'
import { may, type Session, useSession } from './api/session.ts'
import { ClientContext } from './api/use-api.ts'
import { KeyBook } from './keys/key-book.ts'
import { KeyBookContext, useKeyboard } from './keys/use-keys.ts'
import { type Trail, TrailContext } from './pages/request/trail.ts'
import { PAGES } from './pages.ts'
import { Empty, Failed, Loading } from './parts/state.tsx'
import { Guard } from './shell/guard.tsx'
import { Shell } from './shell/shell.tsx'
import { SignIn } from './shell/sign-in.tsx'

/** The console: the session, and the current page. */
export function App(): ReactElement {
  const [queries] = useState(createQueries)
  const [client] = useState(() => new Client())
  const [keys] = useState(() => new KeyBook())
  const [trail] = useState<Trail>({ ids: [] })
  useKeyboard(keys)
  return (
    <QueryClientProvider client={queries}>
      <ClientContext value={client}>
        <KeyBookContext value={keys}>
          <TrailContext value={trail}>
            <House />
          </TrailContext>
        </KeyBookContext>
      </ClientContext>
    </QueryClientProvider>
  )
}

function House(): ReactElement {
  const { data: session, error, refetch } = useSession()
  const [location] = useLocation()
  if (session === undefined) {
    if (error !== null) return <Failed error={error} again={() => void refetch()} height={480} />
    return <Loading what="who you are" height={480} />
  }
  if (session.role === null) return <SignIn />
  return (
    <Shell session={session} key={session.name}>
      <Guard key={location.split('/')[1]}>
        <Suspense fallback={<Loading what="the page" />}>
          <Pages session={session} />
        </Suspense>
      </Guard>
    </Shell>
  )
}

function Pages({ session }: { readonly session: Session }): ReactElement {
  const seen = PAGES.filter(({ role }) => may(session.role, role))
  const home = seen.find(({ inNavigation }) => inNavigation !== undefined)
  return (
    <Switch>
      {seen.map(({ path, component }) => (
        <Route key={path} path={path} component={component} />
      ))}
      {home !== undefined && home.path !== '/' && (
        <Route path="/">
          <Redirect to={home.path} replace />
        </Route>
      )}
      <Route>
        <Empty title="Page not found" height={480}>
          Choose one on the left, or press ? for the keys.
        </Empty>
      </Route>
    </Switch>
  )
}

const SESSION = ['/api/session']

/** A refusal is a final answer: only requests that got no answer at all are retried automatically. */
function createQueries(): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && error instanceof Refusal && error.status === 0,
      },
    },
  })
  // An expired session shows as a 401 on the next request: then query the session again.
  const hear = (error: unknown) => {
    if (error instanceof Refusal && error.status === 401)
      void queries.invalidateQueries({ queryKey: SESSION })
  }
  queries.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && query.queryKey[0] !== SESSION[0]) hear(query.state.error)
  })
  queries.getMutationCache().subscribe(({ mutation }) => hear(mutation?.state.error))
  return queries
}

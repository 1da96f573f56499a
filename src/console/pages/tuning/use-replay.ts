import { useQuery } from '@tanstack/react-query'
import { ReplayRun } from '../../../admin/api/answers/tuning.ts'
import { useChange, useClient } from '../../api/use-api.ts'

/** What to replay, and under what. */
export interface ReplayOrder {
  readonly rules?: string
  readonly version?: string
  readonly abstain_below: number
  readonly abstain_to: string
  readonly since: string
  readonly team?: string
}

export interface ReplayView {
  readonly replay: ReplayRun | undefined
  readonly isRunning: boolean
  readonly error: Error | null
  start(order: ReplayOrder): void
  cancel(): void
}

/** Polling interval for the progress of a running replay. */
const POLL_MS = 200
const PATH = '/api/tuning/replay'

/**
 * A replay on the server: starts, follows and cancels it. `keep` receives its id, so that it can be followed
 * again after leaving the page.
 */
export function useReplay(id: string | null, keep: (id: string | null) => void): ReplayView {
  const client = useClient()
  const followed = useQuery({
    queryKey: [PATH, id],
    queryFn: ({ signal }) => client.get(ReplayRun, `${PATH}/${id}`, {}, signal),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? POLL_MS : false),
    // The server forgets replays, so a missing one is not an error worth showing.
    retry: false,
  })
  const start = useChange(
    (api, order: ReplayOrder) => api.change(ReplayRun, 'POST', PATH, order),
    (replay) => keep(replay.id),
  )
  const cancel = useChange(
    (api, running: string) => api.change(ReplayRun, 'DELETE', `${PATH}/${running}`),
    () => void followed.refetch(),
  )
  const replay = id === null || followed.error !== null ? undefined : followed.data
  return {
    replay,
    isRunning: start.isPending || replay?.state === 'running',
    error: start.error ?? cancel.error,
    start: (order) => start.mutate(order),
    cancel: () => {
      if (id !== null) cancel.mutate(id)
    },
  }
}

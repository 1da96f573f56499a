import { Button, Paper, Text } from '@mantine/core'
import { type ReactElement, useEffect, useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { ListedRequest } from '../../../admin/api/answers/request-list.ts'
import { useLiveRequests } from '../../api/use-live-requests.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Empty, Failed, Loading } from '../../parts/state.tsx'
import { counted } from '../../wording/numbers.ts'
import { moment } from '../../wording/times.ts'
import { LabelFailure } from '../request/label-failure.tsx'
import { useTrail } from '../request/trail.ts'
import { FilterBar } from './filter-bar.tsx'
import { useFilters } from './filters.ts'
import { LiveSwitch } from './live-switch.tsx'
import { RequestTable } from './request-table.tsx'
import classes from './requests.module.css'
import { shownRows } from './shown-rows.ts'
import { useRequestList } from './use-request-list.ts'
import { useRowKeys } from './use-row-keys.ts'

/** The request log; in live mode new requests appear at the top. */
export default function Requests(): ReactElement {
  const { filters, clear } = useFilters()
  const [search, setSearch] = useSearchParams()
  const listening = search.get('live') !== 'off'
  const { since: _past, ...present } = filters
  const live = useLiveRequests(present, listening)
  const list = useRequestList(filters)
  const toggle = () =>
    setSearch(
      (before) => {
        if (listening) before.set('live', 'off')
        else before.delete('live')
        return before
      },
      { replace: true },
    )
  useRowKeys()
  useKeys([{ keys: 'l', does: 'Live updates on or off', run: toggle }])
  const { rows, fresh, waiting, show } = useShownRows(live.rows, list.rows)
  const trail = useTrail()
  useEffect(() => {
    trail.ids = rows?.map(({ id }) => id) ?? []
  }, [trail, rows])
  return (
    <PageFrame
      title="Requests"
      about="Newest first. j and k move, Enter opens, ? lists the keys."
      tools={<LiveSwitch state={live.state} toggle={toggle} />}
    >
      <LabelFailure />
      <FilterBar />
      <Paper className={classes.sheet ?? ''} data-stale={list.isOfBefore}>
        {waiting.length > 0 && (
          <div className={classes.waiting}>
            <Button radius="xl" onClick={show}>
              Show {counted(waiting.length, 'new request')}
            </Button>
          </div>
        )}
        {rows === undefined ? (
          list.error === null ? (
            <Loading what="the log" height={420} />
          ) : (
            <Failed error={list.error} again={list.again} height={420} />
          )
        ) : rows.length === 0 ? (
          <Nothing isFiltered={Object.keys(filters).length > 0} isLooking={list.isLooking} clear={clear} />
        ) : (
          <RequestTable rows={rows} fresh={fresh} />
        )}
        {rows !== undefined && <Foot {...list} shown={rows.length} />}
      </Paper>
    </PageFrame>
  )
}

/** Scroll offset up to which the page counts as being at its top, in pixels. */
const TOP = 80

/** The rows to render; `show` admits waiting ones. */
function useShownRows(live: readonly ListedRequest[], listed: readonly ListedRequest[] | undefined) {
  const [admitted, setAdmitted] = useState<ReadonlySet<string>>(new Set())
  const shown = useMemo(() => {
    const reads =
      window.scrollY > TOP ||
      document.activeElement?.hasAttribute('data-request') === true ||
      getSelection()?.isCollapsed === false
    return shownRows(live, listed ?? [], reads, admitted)
  }, [live, listed, admitted])
  const show = () => {
    setAdmitted(new Set(live.map(({ id }) => id)))
    window.scrollTo({ top: 0 })
  }
  return { ...shown, rows: listed === undefined ? undefined : shown.rows, show }
}

function Nothing({
  isFiltered,
  isLooking,
  clear,
}: {
  readonly isFiltered: boolean
  readonly isLooking: boolean
  clear(): void
}): ReactElement {
  if (isLooking) return <Loading what="further back" height={420} />
  if (!isFiltered) {
    return (
      <Empty title="No requests yet" height={420}>
        Point a client at the proxy: every request with a known key appears here when it ends.
      </Empty>
    )
  }
  return (
    <Empty title="Nothing matches" height={420}>
      <Button variant="default" mt="sm" onClick={clear}>
        Clear all filters
      </Button>
    </Empty>
  )
}

function Foot({
  lookedBackTo,
  isLooking,
  lookFurther,
  shown,
}: Omit<ReturnType<typeof useRequestList>, 'rows'> & { readonly shown: number }): ReactElement {
  return (
    <div className={classes.foot}>
      <Text size="xs" className="quiet numbers" role="status">
        {counted(shown, 'request')}
        {lookedBackTo !== undefined &&
          lookFurther !== undefined &&
          `, looked back to ${moment(lookedBackTo)}`}
        {lookFurther === undefined && ', all there are'}
      </Text>
      {lookFurther !== undefined && (
        <Button variant="default" loading={isLooking} onClick={lookFurther}>
          Older requests
        </Button>
      )}
    </div>
  )
}

import { memo, type ReactElement } from 'react'
import { Link, useLocation } from 'wouter'
import type { ListedRequest } from '../../../admin/api/answers/request-list.ts'
import { ClassMark } from '../../parts/class-mark.tsx'
import { OutcomeMark } from '../../parts/outcome-mark.tsx'
import { usdOfNano, usdPlaces } from '../../wording/money.ts'
import { compact, sureness } from '../../wording/numbers.ts'
import { clock, duration } from '../../wording/times.ts'
import { isBlank, written } from '../../wording/written.ts'
import classes from './requests.module.css'

/**
 * One request in a two-line row: the prompt and its team; the class, the model and the cost. A click anywhere
 * opens it. The link is for the keyboard and for screen readers; a click on it navigates by itself.
 */
export const RequestRow = memo(function RequestRow({
  row,
  isNew,
}: {
  readonly row: ListedRequest
  readonly isNew: boolean
}): ReactElement {
  const [, go] = useLocation()
  const address = `/requests/${row.id}`
  return (
    <tr
      className={classes.row}
      data-new={isNew}
      onClick={({ defaultPrevented, ctrlKey, metaKey, shiftKey }) => {
        if (defaultPrevented) return
        if (ctrlKey || metaKey || shiftKey) window.open(address)
        else if (getSelection()?.isCollapsed !== false) go(address)
      }}
    >
      <td className={classes.time}>{clock(row.at)}</td>
      <td className={classes.what}>
        <Link href={address} className={classes.excerpt ?? ''} data-request={row.id} dir="auto">
          {row.excerpt === null ? (
            <span className="quiet">{row.endpoint}, words not kept</span>
          ) : isBlank(row.excerpt) ? (
            <span className="quiet">{row.endpoint}, no visible words</span>
          ) : (
            written(row.excerpt)
          )}
        </Link>
        <div className={classes.about}>
          {row.team}/{row.key}
          {row.cause !== null && row.cause !== 'model' && ` · ${row.cause}`}
          {row.adapted !== null && ' · adapted'}
          {row.label !== null && ` · labelled by ${row.labelled_by ?? 'somebody'}`}
        </div>
      </td>
      <td>
        <ClassMark of={row.class} short />
        <div className={classes.about}>{row.confidence === null ? '–' : sureness(row.confidence)}</div>
      </td>
      <td className={classes.model}>
        {row.target ?? '–'}
        <div className={classes.about}>
          {row.requested_model === row.target || !row.requested_model ? '' : `asked: ${row.requested_model}`}
        </div>
      </td>
      <td className={classes.tokens}>
        {row.input_tokens === null ? '–' : compact(row.input_tokens)}
        <div className={classes.about}>
          {row.output_tokens === null ? '' : `→ ${compact(row.output_tokens)}`}
        </div>
      </td>
      <td className={classes.number}>
        {row.cost_nusd === null ? '–' : usdPlaces(usdOfNano(row.cost_nusd), 6)}
        <div className={classes.about}>{row.ms_total === null ? '' : duration(row.ms_total)}</div>
      </td>
      <td className={classes.outcome}>
        <OutcomeMark of={row.outcome} />
        <div className={classes.about}>{row.error_code ?? ''}</div>
      </td>
    </tr>
  )
})

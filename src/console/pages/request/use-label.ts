import { useQueryClient } from '@tanstack/react-query'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { Labellings } from '../../../admin/api/answers/request-page.ts'
import type { PromptClass } from '../../../base/prompt-class.ts'
import { useChange, useFetchAgain } from '../../api/use-api.ts'

/** Where the failure of the last label is kept: its user may have gone on to another request, or back to the log. */
export const LABEL_FAILURE = ['label-failure']

export interface Unsaved {
  readonly id: string
  readonly error: Error
}

interface Said {
  readonly id: string
  readonly label: PromptClass | 'undo'
}

/**
 * Sets the class this request should have had, or undoes its last label. By the time it is saved the page may show
 * another request, so everything goes by the id that was said then.
 */
export function useLabel(id: string): (label: PromptClass | 'undo') => void {
  const queries = useQueryClient()
  const fetchAgain = useFetchAgain()
  const { mutateAsync } = useChange((client, said: Said) =>
    client.change(Labellings, 'POST', `/api/requests/${encodeURIComponent(said.id)}/label`, {
      label: said.label,
    }),
  )
  return (label) => {
    const keep = (failure: Unsaved | null) => queries.setQueryData<Unsaved | null>(LABEL_FAILURE, failure)
    mutateAsync({ id, label }).then(
      ({ label: saved, labels }) => {
        if (queries.getQueryData<Unsaved | null>(LABEL_FAILURE)?.id === id) keep(null)
        queries.setQueriesData<RequestPage>(
          { queryKey: [`/api/requests/${encodeURIComponent(id)}`] },
          (page) =>
            page === undefined
              ? page
              : {
                  ...page,
                  labels,
                  row: { ...page.row, label: saved, labelled_by: labels.at(-1)?.by ?? null },
                },
        )
        void fetchAgain('/api/requests')
      },
      (error: Error) => keep({ id, error }),
    )
  }
}

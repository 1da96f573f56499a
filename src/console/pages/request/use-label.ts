import { useQueryClient } from '@tanstack/react-query'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { Labellings } from '../../../admin/api/answers/request-page.ts'
import type { PromptClass } from '../../../base/prompt-class.ts'
import { useChange } from '../../api/use-api.ts'

/** Sets the class a request should have had, or undoes the last label. */
export function useLabel(id: string) {
  const queries = useQueryClient()
  return useChange(
    (client, label: PromptClass | 'undo') =>
      client.change(Labellings, 'POST', `/api/requests/${id}/label`, { label }),
    ({ label, labels }) => {
      queries.setQueriesData<RequestPage>({ queryKey: [`/api/requests/${id}`] }, (page) =>
        page === undefined
          ? page
          : { ...page, labels, row: { ...page.row, label, labelled_by: labels.at(-1)?.by ?? null } },
      )
      void queries.invalidateQueries({ queryKey: ['/api/requests'] })
    },
  )
}

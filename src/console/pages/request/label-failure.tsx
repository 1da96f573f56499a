import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import { LABEL_FAILURE, type Unsaved } from './use-label.ts'

/** A label that was not saved, wherever its user has gone meanwhile. */
export function LabelFailure(): ReactElement | null {
  const { data } = useQuery<Unsaved | null>({ queryKey: LABEL_FAILURE, enabled: false, initialData: null })
  if (data === null) return null
  return (
    <Alert variant="default" title="A label was not saved" role="alert">
      {data.error.message} <Link href={`/requests/${data.id}`}>Open that request</Link>
    </Alert>
  )
}

import { SegmentedControl } from '@mantine/core'
import type { ReactElement } from 'react'
import { useSearchParams } from 'wouter'

interface View {
  readonly value: string
  readonly label: string
}

/** Which of a page's views the address asks for; the first, where it asks for none. */
export function useView(views: readonly [View, ...View[]]): readonly [string, (view: string) => void] {
  const [search, setSearch] = useSearchParams()
  const said = search.get('view')
  const { value } = views.find((view) => view.value === said) ?? views[0]
  const show = (view: string) =>
    setSearch((before) => {
      before.set('view', view)
      return before
    })
  return [value, show]
}

interface PickerProps {
  readonly views: readonly View[]
  readonly value: string
  onChange(view: string): void
}

/** Leads from one view of a page to the others. */
export function ViewPicker({ views, value, onChange }: PickerProps): ReactElement {
  return <SegmentedControl aria-label="View" data={[...views]} value={value} onChange={onChange} />
}

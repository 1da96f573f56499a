import { SegmentedControl } from '@mantine/core'
import type { ReactElement } from 'react'
import { useSearchParams } from 'wouter'

interface View {
  readonly value: string
  readonly label: string
}

/** The view selected by the URL, by default the first. */
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

/** Switches between the views of a page. */
export function ViewPicker({ views, value, onChange }: PickerProps): ReactElement {
  return <SegmentedControl aria-label="View" data={[...views]} value={value} onChange={onChange} />
}

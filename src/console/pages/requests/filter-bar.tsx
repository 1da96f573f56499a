import { Button, Popover, Select, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { OUTCOMES } from '../../../ledger/row.ts'
import { useTeamNames } from '../../api/team-names.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { Icon } from '../../parts/icon.tsx'
import { OUTCOME_LOOKS } from '../../parts/outcome-mark.tsx'
import { type FilterName, useFilters } from './filters.ts'
import classes from './requests.module.css'

const CLASSES = PROMPT_CLASSES.map((value) => ({ value, label: CLASS_LOOKS[value].name }))
const OUTCOME_CHOICES = OUTCOMES.map((value) => ({ value, label: OUTCOME_LOOKS[value].name }))
const LABELS = [{ value: 'none', label: 'Not labelled' }, ...CLASSES]
const TIMES = [
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last 24 hours' },
  { value: '168', label: 'Last 7 days' },
  { value: '720', label: 'Last 30 days' },
]
/** Debounce of typing before a query. */
const PAUSE_MS = 300

/** Common filters in a row; the others are behind a button that shows how many are set. */
export function FilterBar(): ReactElement {
  const { filters, clear } = useFilters()
  const teams = useTeamNames(filters.team)
  const search = useRef<HTMLInputElement>(null)
  useKeys([{ keys: '/', does: 'Search the text', run: () => search.current?.focus() }])
  const hidden = MORE.filter((name) => filters[name] !== undefined).length
  return (
    <search className={classes.bar} aria-label="Filters">
      <Words
        name="text"
        placeholder="Search words  /"
        label="Words"
        className={classes.search ?? ''}
        input={search}
      />
      <Choice name="class" label="Class" choices={CLASSES} width={122} />
      <Choice name="outcome" label="Outcome" choices={OUTCOME_CHOICES} width={118} />
      <Choice
        name="team"
        label="Team"
        choices={teams.map((value) => ({ value, label: value }))}
        width={118}
      />
      <Choice name="since" label="Any time" choices={TIMES} width={118} />
      <Popover position="bottom-end" withinPortal trapFocus returnFocus>
        <Popover.Target>
          <Button variant="default" leftSection={<Icon name="filter" size={14} />}>
            {hidden === 0 ? 'More' : `More · ${hidden}`}
          </Button>
        </Popover.Target>
        <Popover.Dropdown w={300}>
          <Stack gap="xs">
            <Words name="model" label="Model that served" placeholder="gpt-4o" shown />
            <Words name="key" label="Key" placeholder="ci" shown />
            <Words name="cause" label="Cause" placeholder="abstained, rule:prove-en" shown />
            <Words name="endpoint" label="Endpoint" placeholder="chat, responses, embeddings" shown />
            <Words name="confidence_min" label="Confidence at least" placeholder="0.5" shown />
            <Words name="confidence_max" label="Confidence at most" placeholder="0.9" shown />
            <Choice name="label" label="Label" choices={LABELS} shown />
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {Object.keys(filters).length > 0 && (
        <Button variant="subtle" color="gray" onClick={clear}>
          Clear
        </Button>
      )}
    </search>
  )
}

const MORE: readonly FilterName[] = [
  'model',
  'key',
  'cause',
  'endpoint',
  'confidence_min',
  'confidence_max',
  'label',
]

interface ChoiceProps {
  readonly name: FilterName
  readonly label: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly width?: number
  /** Whether the label is above the field rather than in it. */
  readonly shown?: boolean
}

function Choice({ name, label, choices, width, shown = false }: ChoiceProps): ReactElement {
  const { filters, set } = useFilters()
  return (
    <Select
      {...(shown ? { label } : { 'aria-label': label, placeholder: label })}
      {...(width === undefined ? {} : { w: width })}
      data={[...choices]}
      value={filters[name] ?? null}
      onChange={(value) => set(name, value)}
      clearable
      comboboxProps={{ withinPortal: !shown }}
    />
  )
}

interface WordsProps {
  readonly name: FilterName
  readonly label: string
  readonly placeholder: string
  readonly shown?: boolean
  readonly className?: string
  readonly input?: React.Ref<HTMLInputElement>
}

function Words({ name, label, placeholder, shown = false, className = '', input }: WordsProps): ReactElement {
  const { filters, set } = useFilters()
  const said = filters[name] ?? ''
  const [typed, setTyped] = useState(said)
  const ask = useDebouncedCallback((text: string) => set(name, text.trim()), PAUSE_MS)
  const cancel = useRef(ask.cancel)
  cancel.current = ask.cancel
  // What is typed is not asked for any more once the filter has changed otherwise, or the page.
  useEffect(() => {
    setTyped(said)
    return () => cancel.current()
  }, [said])
  return (
    <TextInput
      {...(shown ? { label } : { 'aria-label': label })}
      {...(input === undefined ? {} : { ref: input })}
      className={className}
      placeholder={placeholder}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value)
        ask(value)
      }}
    />
  )
}

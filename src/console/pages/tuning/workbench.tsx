import { Button, Group, Paper, Select, Stack, Text, UnstyledButton } from '@mantine/core'
import { type ReactElement, useMemo, useRef } from 'react'
import type { RuleCheck, Tuning } from '../../../admin/api/answers/tuning.ts'
import { styleNonce } from '../../security-policy.ts'
import { counted } from '../../wording/numbers.ts'
import { rulesIn } from './rule-index.ts'
import { type EditorHandle, RulesEditor } from './rules-editor.tsx'
import type { Check } from './use-check.ts'
import type { DraftEditor } from './use-draft.ts'
import classes from './workbench.module.css'

interface Props {
  readonly tuning: Tuning
  readonly drafting: DraftEditor
  readonly check: Check
  readonly readOnly: boolean
  /** Resets the draft to this candidate; null: to what is live. */
  readonly begin: (version: string | null) => void
  readonly save: () => void
}

/** The rules as text, with problems shown at their lines. */
export function Workbench({ tuning, drafting, check, readOnly, begin, save }: Props): ReactElement {
  const { draft, isChanged, change } = drafting
  const editor = useRef<EditorHandle>(null)
  const problems = useMemo(() => (check.result?.problems ?? []).map(placed), [check.result])
  const rules = useMemo(() => rulesIn(draft.text), [draft.text])
  const goTo = (line: number) => editor.current?.goTo(line)
  const bases = [
    { value: '', label: tuning.live.version === null ? 'what is live' : `live: ${tuning.live.version}` },
    ...tuning.candidates.map(({ version, note }) => ({
      value: version,
      label: note === '' ? version : `${version} · ${note}`,
    })),
  ]
  return (
    <Paper className={classes.bench} component="section" aria-label="Rules">
      <Group className={classes.bar} gap="sm" justify="space-between">
        <Group gap="xs" wrap="nowrap">
          <Select
            aria-label="Start from"
            data={bases}
            value={draft.base ?? ''}
            allowDeselect={false}
            disabled={readOnly}
            onChange={(value) => value !== null && begin(value === '' ? null : value)}
            w={190}
          />
          <Select
            aria-label="Go to a rule"
            placeholder="Go to a rule"
            searchable
            value={null}
            data={[...new Set(rules.map(({ id }) => id))]}
            onChange={(id) => {
              const place = rules.find((rule) => rule.id === id)
              if (place !== undefined) goTo(place.line)
            }}
            w={140}
          />
        </Group>
        {!readOnly && (
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" disabled={!isChanged} onClick={() => begin(draft.base)}>
              Discard
            </Button>
            <Button disabled={!isChanged || check.result?.ok !== true || !check.isCurrent} onClick={save}>
              Save as candidate
            </Button>
          </Group>
        )}
      </Group>
      <div className={classes.editor}>
        <RulesEditor
          ref={editor}
          text={draft.text}
          problems={problems}
          readOnly={readOnly}
          nonce={styleNonce()}
          onEdit={(text) => change({ text })}
        />
      </div>
      <div className={classes.foot} role="status">
        <Findings check={check} goTo={goTo} />
      </div>
    </Paper>
  )
}

/** Problems of the text as a whole are shown at its first line. */
function placed({ line, column, message }: RuleCheck['problems'][number]) {
  return { line: line ?? 1, column: column ?? 1, message }
}

const SHOWN = 3

function Findings({ check, goTo }: { readonly check: Check; goTo(line: number): void }) {
  const { result, isCurrent, error } = check
  if (error !== null) return <Text size="xs">{error.message}</Text>
  if (result === undefined)
    return (
      <Text size="xs" className="quiet">
        Checking …
      </Text>
    )
  if (result.ok) {
    const { rules = 0, patterns = 0 } = result.counts ?? {}
    return (
      <Text size="xs" className="quiet numbers">
        {isCurrent ? `Sound: ${counted(rules, 'rule')}, ${counted(patterns, 'pattern')}.` : 'Checking …'}
      </Text>
    )
  }
  const more = result.problems.length - SHOWN
  return (
    <Stack gap={2}>
      {result.problems.slice(0, SHOWN).map(({ line, column, path, message }) => (
        <UnstyledButton
          key={`${line} ${column} ${message}`}
          onClick={() => goTo(line ?? 1)}
          className={classes.problem}
        >
          <Text span size="xs" ff="monospace">
            {line === null ? path : `${line}:${column ?? 1}`}
          </Text>{' '}
          <Text span size="xs">
            {message}
          </Text>
        </UnstyledButton>
      ))}
      {more > 0 && (
        <Text size="xs" className="quiet">
          and {counted(more, 'more problem')}
        </Text>
      )}
    </Stack>
  )
}

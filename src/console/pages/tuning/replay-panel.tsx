import {
  Alert,
  Button,
  Group,
  NumberInput,
  Paper,
  Progress,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { isPromptClass, PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { count } from '../../wording/numbers.ts'
import { MoveTable } from './move-table.tsx'
import { ReplayFigures } from './replay-figures.tsx'
import { ReplayNotes } from './replay-notes.tsx'
import type { DraftEditor } from './use-draft.ts'
import type { ReplayView } from './use-replay.ts'
import { sinceOf, WINDOWS } from './windows.ts'

const TO = PROMPT_CLASSES.map((value) => ({ value, label: CLASS_LOOKS[value].name }))

interface Props {
  readonly drafting: DraftEditor
  readonly replaying: ReplayView
  /** False while the rules do not compile. */
  readonly isSound: boolean
}

/** Replays recorded requests under the draft and shows the outcome. Calls no upstream. */
export function ReplayPanel({ drafting, replaying, isSound }: Props): ReactElement {
  const { draft, change } = drafting
  const { replay, isRunning, error, start, cancel } = replaying
  const [days, setDays] = useState('7')
  const run = () =>
    start({
      rules: draft.text,
      abstain_below: draft.abstainBelow,
      abstain_to: draft.abstainTo,
      since: sinceOf(days),
    })
  return (
    <Paper p="lg" component="section" aria-label="Replay">
      <Stack gap="md">
        <div>
          <Title order={2} size="md">
            Replay
          </Title>
          <Text size="xs" className="quiet">
            Recorded requests, decided again under this draft. Nothing is sent upstream.
          </Text>
        </div>
        <SimpleGrid cols={2} spacing="sm">
          <NumberInput
            label="Abstain below"
            size="xs"
            min={0}
            max={1}
            step={0.05}
            decimalScale={2}
            value={draft.abstainBelow}
            onChange={(value) => typeof value === 'number' && change({ abstainBelow: value })}
          />
          <Select
            label="then treat as"
            data={TO}
            allowDeselect={false}
            value={draft.abstainTo}
            onChange={(value) => value !== null && isPromptClass(value) && change({ abstainTo: value })}
          />
        </SimpleGrid>
        <Group align="flex-end" gap="sm" wrap="nowrap">
          <Select
            label="Requests of the"
            flex={1}
            data={WINDOWS}
            allowDeselect={false}
            value={days}
            onChange={(value) => value !== null && setDays(value)}
          />
          {isRunning ? (
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          ) : (
            <Button onClick={run} disabled={!isSound}>
              Replay
            </Button>
          )}
        </Group>
        {isRunning && (
          <div role="status">
            <Progress value={100} animated size="sm" aria-label="Replay is running" />
            <Text size="xs" mt={4} className="quiet numbers">
              {count(replay?.done ?? 0)} decided again so far
            </Text>
          </div>
        )}
        {error !== null && (
          <Alert variant="default" title="The replay was not started">
            {error.message}
          </Alert>
        )}
        {replay?.state === 'failed' && (
          <Alert variant="default" title="The replay failed">
            {replay.problem}
          </Alert>
        )}
        {replay?.report != null && (
          <Stack gap="md" component="output" aria-label="What would change">
            <ReplayFigures report={replay.report} />
            {replay.report.classes.length > 0 && <MoveTable title="class" moves={replay.report.classes} />}
            {replay.report.models.length > 0 && (
              <MoveTable title="first model" moves={replay.report.models} />
            )}
            <ReplayNotes report={replay.report} />
          </Stack>
        )}
      </Stack>
    </Paper>
  )
}

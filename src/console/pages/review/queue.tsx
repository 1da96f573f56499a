import { Alert, Button, Grid, Group, Paper, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { useLocation } from 'wouter'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { Empty, Failed, Loading } from '../../parts/state.tsx'
import { Question } from './question.tsx'
import { AnsweredList, NextList } from './queue-lists.tsx'
import { useQueue } from './use-queue.ts'

/** One request after another, the most instructive first. */
export function LabelQueue({ team }: { readonly team: string | undefined }): ReactElement {
  const queue = useQueue(team)
  const [, go] = useLocation()
  const { current, next, answered, error } = queue
  const open = () => current !== undefined && go(`/requests/${current.id}`)
  useKeys([
    ...PROMPT_CLASSES.map((promptClass, index) => ({
      keys: String(index + 1),
      does: `Label: ${CLASS_LOOKS[promptClass].name}`,
      run: () => queue.label(promptClass),
    })),
    { keys: 's', does: 'Skip', run: queue.skip },
    { keys: 'u', does: 'Undo', run: queue.undo },
    { keys: 'Enter', does: 'Open the request', run: open },
  ])
  if (error !== null && current === undefined && answered.length === 0) return <Failed error={error} />
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="md">
          {error !== null && (
            <Alert variant="default" title="That was not saved">
              {error.message}
            </Alert>
          )}
          {current !== undefined ? (
            <Question key={current.id} request={current} label={queue.label} follows={answered.length > 0} />
          ) : queue.isLoading ? (
            <Loading what="the queue" />
          ) : (
            <Paper>
              <Empty title="Nothing left to review">
                {answered.some(({ said }) => said === 'skipped')
                  ? 'Only requests that you skipped are left; Undo brings them back.'
                  : 'Every request of the last seven days worth labelling has a label.'}
              </Empty>
            </Paper>
          )}
          <Group justify="space-between">
            <Group gap="xs">
              <Button
                variant="default"
                onClick={queue.skip}
                disabled={current === undefined}
                rightSection={<Key name="s" />}
              >
                Skip
              </Button>
              <Button
                variant="default"
                onClick={queue.undo}
                disabled={answered.length === 0}
                rightSection={<Key name="u" />}
              >
                Undo
              </Button>
            </Group>
            <Button
              variant="subtle"
              onClick={open}
              disabled={current === undefined}
              rightSection={<Key name="↵" />}
            >
              Open the request
            </Button>
          </Group>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="lg">
          <NextList rows={next.slice(0, 5)} />
          <AnsweredList answered={answered} />
        </Stack>
      </Grid.Col>
    </Grid>
  )
}

function Key({ name }: { readonly name: string }): ReactElement {
  return (
    <Text span size="xs" ff="monospace" className="quiet" aria-hidden="true">
      {name}
    </Text>
  )
}

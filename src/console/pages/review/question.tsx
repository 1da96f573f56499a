import { Group, Kbd, Paper, SimpleGrid, Stack, Text, UnstyledButton } from '@mantine/core'
import { type ReactElement, useEffect, useRef } from 'react'
import type { QueuedRequest } from '../../../admin/api/answers/review.ts'
import { PROMPT_CLASSES, type PromptClass } from '../../../base/prompt-class.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { scrolled } from '../../parts/scrolled.ts'
import { usd, usdOfNano } from '../../wording/money.ts'
import { ago } from '../../wording/times.ts'
import { written } from '../../wording/written.ts'
import classes from './question.module.css'

interface Props {
  readonly request: QueuedRequest
  label(said: PromptClass): void
  /** Whether it takes the place of a request that was answered. */
  readonly follows: boolean
}

/** A prompt, the classifier's decision, and the three possible classes. */
export function Question({ request, label, follows }: Props): ReactElement {
  const { team, key, at, cost_nusd, excerpt, confidence, cause } = request
  const sheet = useRef<HTMLDivElement>(null)
  // The button that was pressed is gone with its request: screen readers go on here, and so does Tab.
  useEffect(() => {
    if (follows && document.activeElement === document.body) sheet.current?.focus({ preventScroll: true })
  }, [follows])
  return (
    <Paper
      p="lg"
      component="section"
      aria-label="The request to label"
      className={classes.sheet}
      tabIndex={-1}
      ref={sheet}
    >
      <Stack gap="lg">
        <Group justify="space-between" className="quiet">
          <Text size="sm">
            {team} / {key}
          </Text>
          <Text size="sm" className="numbers">
            {ago(at)} · {cost_nusd === null ? 'cost unknown' : usd(usdOfNano(cost_nusd))}
          </Text>
        </Group>
        {excerpt === null ? (
          <Text className="quiet">
            Its text was not kept. Open it to see which rules and features counted.
          </Text>
        ) : (
          <Text className={classes.words} dir="auto" {...scrolled(excerpt)}>
            {written(excerpt)}
          </Text>
        )}
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
          {PROMPT_CLASSES.map((promptClass, index) => (
            <UnstyledButton
              key={promptClass}
              className={classes.choice}
              data-said={request.class === promptClass}
              onClick={() => label(promptClass)}
            >
              <Group justify="space-between" wrap="nowrap">
                <Group gap="xs" wrap="nowrap">
                  <span className={classes.dot} style={{ background: CLASS_LOOKS[promptClass].colour }} />
                  <Text fw={550}>{CLASS_LOOKS[promptClass].name}</Text>
                </Group>
                <Kbd size="xs">{index + 1}</Kbd>
              </Group>
              <Text size="xs" className="quiet numbers" mt={4}>
                {request.class === promptClass ? verdictOf(confidence, cause) : ' '}
              </Text>
            </UnstyledButton>
          ))}
        </SimpleGrid>
      </Stack>
    </Paper>
  )
}

function verdictOf(confidence: number | null, cause: string | null): string {
  const sure = confidence === null ? '' : `${(100 * confidence).toFixed(0)} % sure`
  return `classifier: ${[sure, cause].filter(Boolean).join(', ')}`
}

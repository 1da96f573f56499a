import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { Refusal } from '../api/client.ts'

/** Shown while the first response is pending; existing content stays in place. */
export function Loading({
  what,
  height = 240,
}: {
  readonly what: string
  readonly height?: number
}): ReactElement {
  return (
    <Center h={height} role="status">
      <Group gap="xs">
        <Loader size="xs" type="dots" color="var(--quiet)" />
        <Text size="sm" className="quiet">
          Reading {what} …
        </Text>
      </Group>
    </Center>
  )
}

/** Nothing to show: says so, and what would change that. */
export function Empty({
  title,
  children,
  height = 240,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly height?: number
}): ReactElement {
  return (
    <Center mih={height} p="lg">
      <Stack gap={4} align="center" maw={420}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" ta="center" className="quiet" component="div">
          {children}
        </Text>
      </Stack>
    </Center>
  )
}

/** What went wrong in plain words, with the one thing that may help. */
export function Failed({
  error,
  again,
  height = 240,
}: {
  readonly error: Error
  readonly again?: () => void
  readonly height?: number
}): ReactElement {
  return (
    <Center mih={height} p="lg" role="alert">
      <Stack gap="xs" align="center" maw={460}>
        <Text fw={600}>{titleOf(error)}</Text>
        <Text size="sm" ta="center" className="quiet">
          {error.message}
        </Text>
        {again !== undefined && mayChange(error) && (
          <Button variant="default" mt={4} onClick={again}>
            Try again
          </Button>
        )}
      </Stack>
    </Center>
  )
}

/** A refusal for lack of rights, or for something that does not exist, is permanent. */
function mayChange(error: Error): boolean {
  return !(error instanceof Refusal) || (error.status !== 403 && error.status !== 404)
}

function titleOf(error: Error): string {
  if (!(error instanceof Refusal)) return 'Something went wrong on this page'
  if (error.status === 0) return 'The server cannot be reached'
  if (error.status === 403) return 'You may not see this'
  if (error.status === 404) return 'Not found'
  if (error.status >= 500) return 'The server could not answer'
  return 'The server refused'
}

/** Renders the loading state, the error, or the answer. */
export function Answered<Answer>({
  of,
  what,
  height,
  children,
}: {
  readonly of: {
    readonly data: Answer | undefined
    readonly error: Error | null
    /** The answer to the question before: another team's, or another time's. */
    readonly isPlaceholderData?: boolean
    refetch(): unknown
  }
  readonly what: string
  readonly height?: number
  readonly children: (answer: Answer) => ReactNode
}): ReactElement {
  const tall = height === undefined ? {} : { height }
  if (of.data !== undefined) {
    return (
      <>
        {of.error !== null && <Stale error={of.error} />}
        <div
          className="answer"
          data-stale={of.isPlaceholderData === true}
          aria-busy={of.isPlaceholderData === true}
        >
          {children(of.data)}
        </div>
      </>
    )
  }
  if (of.error !== null) return <Failed error={of.error} again={() => void of.refetch()} {...tall} />
  return <Loading what={what} {...tall} />
}

/** What is shown could not be refreshed. */
function Stale({ error }: { readonly error: Error }): ReactElement {
  return (
    <Text size="sm" mb="sm" c="var(--bad)" role="alert">
      {titleOf(error)}, so what stands here may be old. {error.message}
    </Text>
  )
}

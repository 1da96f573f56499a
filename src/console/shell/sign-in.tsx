import { Button, Center, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { type FormEvent, type ReactElement, useState } from 'react'
import { Refusal } from '../api/client.ts'
import { useSignIn } from '../api/session.ts'
import { Mark } from '../parts/mark.tsx'

/** Shown in place of the requested page while no one is signed in; the page follows after signing in. */
export function SignIn(): ReactElement {
  const [token, setToken] = useState('')
  const signIn = useSignIn()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (token.trim() !== '') signIn.mutate(token.trim())
  }
  return (
    <Center component="main" mih="100vh" p="md">
      <form onSubmit={submit}>
        <Stack w={340} gap="md">
          <Stack gap={6}>
            <Mark size={32} />
            <Title order={1} size="h3" mt="xs">
              Sign in to Trivium
            </Title>
            <Text size="sm" className="quiet">
              With the admin token, a token of your own, or the API key you call with.
            </Text>
          </Stack>
          <PasswordInput
            label="Token"
            autoComplete="current-password"
            autoFocus
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            error={signIn.error === null ? undefined : reasonOf(signIn.error)}
          />
          <Button type="submit" size="sm" loading={signIn.isPending} disabled={token.trim() === ''}>
            Sign in
          </Button>
          <Text size="xs" className="quiet">
            The admin token is <code>server.admin_token</code> in the configuration, or TRIVIUM_ADMIN_TOKEN in
            the environment. It is not stored in this browser.
          </Text>
        </Stack>
      </form>
    </Center>
  )
}

function reasonOf(error: Error): string {
  if (!(error instanceof Refusal)) return error.message
  if (error.status === 401) return 'This token is not valid.'
  if (error.status === 429) return 'Too many failed attempts from this address. Wait a minute.'
  return error.message
}

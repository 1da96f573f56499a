import { Component, type ReactNode } from 'react'
import { Failed } from '../parts/state.tsx'

interface GuardProps {
  readonly children: ReactNode
  reset(): void
}

/** Keeps a page that breaks from taking the shell with it. */
export class Guard extends Component<GuardProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    const again = () => {
      this.props.reset()
      this.setState({ error: null })
    }
    return <Failed error={error} again={again} height={480} />
  }
}

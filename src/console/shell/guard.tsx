import { Component, type ReactNode } from 'react'
import { Failed } from '../parts/state.tsx'

/**
 * Keeps a page that crashes from taking the shell down. The remedy is to reload: the cause may be a chunk
 * that a newer server no longer has.
 */
export class Guard extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return <Failed error={error} again={() => window.location.reload()} height={480} />
  }
}

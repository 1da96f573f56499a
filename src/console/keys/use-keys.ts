import { createContext, useContext, useEffect, useRef } from 'react'
import { type KeyBinding, KeyBook } from './key-book.ts'

export const KeyBookContext = createContext(new KeyBook())

/**
 * Binds keys while the component is mounted. Rebinds when the keys change, not when closures do; `run` is
 * always the latest.
 */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const book = useContext(KeyBookContext)
  const latest = useRef(bindings)
  latest.current = bindings
  const identity = bindings.map(({ keys, does }) => `${keys}=${does}`).join('|')
  useEffect(
    () =>
      book.add(
        latest.current.map((binding, index) => ({ ...binding, run: () => latest.current[index]?.run() })),
      ),
    [book, identity],
  )
}

/**
 * Passes key presses to the book, except those in text fields, with browser modifiers, or while a dialog is
 * open. Enter belongs to the link or button that has the focus.
 */
export function useKeyboard(book: KeyBook): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target) || document.querySelector('[aria-modal=true]') !== null) return
      if (event.key === 'Enter' && isPressed(event.target)) return
      if (book.press(event.key, event.repeat)) event.preventDefault()
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [book])
}

function isPressed(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a[href], button, summary, [role=button]') !== null
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role=listbox], [role=menu]') !== null
  )
}

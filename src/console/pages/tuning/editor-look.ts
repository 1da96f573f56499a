import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Colours follow the page's colour scheme through CSS variables, so that changing it redraws nothing. */
const frame = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '13px',
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--sheet)',
  },
  '&.cm-focused': { outline: 'none' },
  // Patterns are read character by character, so no two may be merged into a ligature.
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontVariantLigatures: 'none',
    lineHeight: '1.55',
  },
  '.cm-content': { caretColor: 'var(--mantine-color-text)', paddingBlock: '8px' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    color: 'var(--quiet)',
    // Horizontally scrolled text passes beneath it.
    backgroundColor: 'var(--sheet)',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'light-dark(rgb(0 0 0 / 4%), rgb(255 255 255 / 5%))',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfe0ff, #2b436f)',
  },
  '.cm-foldPlaceholder': {
    backgroundColor: 'transparent',
    border: 'none',
    color: 'var(--quiet)',
  },
  '.cm-panels': {
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--hover)',
  },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-search': { fontSize: '12px', padding: '6px 10px 8px' },
  '.cm-textfield, .cm-button': {
    color: 'var(--mantine-color-text)',
    background: 'var(--sheet)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--mantine-radius-sm)',
    padding: '2px 8px',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--quiet)', fontSize: '16px', insetInlineEnd: '8px' },
  '.cm-tooltip': {
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--sheet)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--mantine-radius-sm)',
  },
  '.cm-problem': {
    marginInlineStart: '2ch',
    color: 'var(--bad)',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '12px',
    whiteSpace: 'pre-wrap',
  },
  '.cm-problemLine': { backgroundColor: 'color-mix(in srgb, var(--bad) 9%, transparent)' },
})

const words = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'light-dark(#1d4ed8, #8ab4ff)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'light-dark(#166534, #8fd3a3)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'light-dark(#9a3412, #ffb17a)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
  {
    tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace],
    color: 'var(--quiet)',
  },
  { tag: [tags.labelName, tags.typeName, tags.meta], color: 'light-dark(#7c3aed, #c4a7ff)' },
])

export const look = [frame, syntaxHighlighting(words)]

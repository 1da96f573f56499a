import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react'
import { look } from './editor-look.ts'
import { type Problem, problemMarks, showProblems } from './problem-marks.ts'

/** What other components can do to an editor. */
export interface EditorHandle {
  /** Scrolls a line (1-based) to the middle and puts the cursor there. */
  goTo(line: number): void
}

interface Props {
  /**
   * The text shown. Edits are reported through `onEdit` and come back here; any other text replaces
   * everything.
   */
  readonly text: string
  readonly problems: readonly Problem[]
  readonly readOnly: boolean
  /** The nonce without which the page's policy blocks the editor's styles. */
  readonly nonce: string
  readonly onEdit: (text: string) => void
  readonly ref: Ref<EditorHandle>
}

export function RulesEditor({ text, problems, readOnly, nonce, onEdit, ref }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const edited = useEffectEvent(onEdit)
  const current = useEffectEvent(() => text)

  useEffect(() => {
    if (host.current === null) return undefined
    const hear = EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) edited(state.doc.toString())
    })
    const access = [EditorView.cspNonce.of(nonce), EditorState.readOnly.of(readOnly), hear]
    const made = new EditorView({ doc: current(), parent: host.current, extensions: [access, EDITING] })
    view.current = made
    return () => {
      view.current = null
      made.destroy()
    }
  }, [nonce, readOnly])

  useEffect(() => {
    const editor = view.current
    if (editor === null || editor.state.doc.toString() === text) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  useEffect(() => {
    if (view.current !== null) showProblems(view.current, problems)
  }, [problems])

  useImperativeHandle(ref, () => ({
    goTo(line) {
      const editor = view.current
      if (editor === null) return
      const { from } = editor.state.doc.line(Math.min(Math.max(1, line), editor.state.doc.lines))
      editor.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      })
      editor.focus()
    },
  }))

  return <div ref={host} style={{ height: '100%', overflow: 'hidden' }} />
}

// Tab is not bound, so that keyboard users can leave the editor.
const EDITING = [
  lineNumbers(),
  foldGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  // Problems are shown after their line, so a long pattern must not push them out of sight.
  EditorView.lineWrapping,
  search({ top: true }),
  yaml(),
  problemMarks,
  look,
  EditorView.contentAttributes.of({ 'aria-label': 'Rules, as YAML', spellcheck: 'false', tabindex: '0' }),
  keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap]),
]

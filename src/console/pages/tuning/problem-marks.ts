import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { type Extension, StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view'

/** A problem in the rules; line and column are 1-based. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** The message after its line, readable without hovering. */
class Message extends WidgetType {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  override eq(other: Message): boolean {
    return other.#text === this.#text
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span')
    element.className = 'cm-problem'
    element.textContent = this.#text
    return element
  }
}

const marked = StateEffect.define<DecorationSet>()

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  // Between two checks the marks move with the text they refer to.
  update: (shown, transaction) =>
    transaction.effects.reduce(
      (now, effect) => (effect.is(marked) ? effect.value : now),
      shown.map(transaction.changes),
    ),
  provide: (field) => EditorView.decorations.from(field),
})

/** Lets an editor show problems. */
export const problemMarks: Extension = [lintGutter(), marks]

/** Replaces the problems shown. */
export function showProblems(view: EditorView, problems: readonly Problem[]): void {
  const { doc } = view.state
  const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  view.dispatch(
    setDiagnostics(
      view.state,
      inOrder.map((problem) => diagnosticOf(doc, problem)),
    ),
  )
  view.dispatch({
    effects: marked.of(
      Decoration.set(
        inOrder.flatMap((problem) => decorationsOf(doc, problem)),
        true,
      ),
    ),
  })
}

function diagnosticOf(doc: Text, problem: Problem): Diagnostic {
  const line = lineOf(doc, problem)
  const from = Math.min(line.from + problem.column - 1, line.to)
  return { from, to: line.to, severity: 'error', message: problem.message }
}

function decorationsOf(doc: Text, problem: Problem) {
  const line = lineOf(doc, problem)
  return [
    Decoration.line({ class: 'cm-problemLine' }).range(line.from),
    Decoration.widget({ widget: new Message(problem.message), side: 1 }).range(line.to),
  ]
}

/** The text may have fewer lines than when it was checked. */
function lineOf(doc: Text, { line }: Problem) {
  return doc.line(Math.min(Math.max(1, line), doc.lines))
}

import { parentPort, workerData } from 'node:worker_threads'
import { giveWay } from '../../../base/give-way.ts'
import { BadCursor } from '../../views.ts'
import { isDamage, storeErrorOf } from '../sqlite-error.ts'
import { FileViews } from './file-views.ts'
import { ANSWERS, type Question, type Reply } from './question.ts'

/**
 * The thread that reads a ledger's file while the server writes to it. Between questions it counts uncounted
 * rows, a little at a time; once all are counted it sleeps until the next question.
 */
const COUNT_MS = 20

giveWay()
const port = parentPort
const { file } = workerData as { readonly file: string }
let views: FileViews | undefined
let isCounting = false

function countOn(): void {
  if (isCounting) return
  isCounting = true
  setImmediate(() => {
    isCounting = false
    try {
      if (views?.counting.count(performance.now() + COUNT_MS) === false) countOn()
    } catch (error) {
      forgetDamaged(error)
    }
  })
}

/** The counts are rebuilt when the next question comes. */
function forgetDamaged(error: unknown): void {
  if (!isDamage(error)) return
  views?.close()
  views = undefined
}

function reply(answer: Reply): void {
  port?.postMessage(answer)
}

port?.on('message', ({ number, name, args }: Question) => {
  try {
    views ??= new FileViews(file, Date.now)
    const answerTo = ANSWERS[name] as (views: FileViews, ...args: readonly unknown[]) => unknown
    reply({ number, answer: answerTo(views, ...args) })
    countOn()
  } catch (error) {
    forgetDamaged(error)
    const { problem } = storeErrorOf(file, error)
    reply({ number, failed: error instanceof BadCursor ? 'bad_cursor' : { problem } })
  }
})

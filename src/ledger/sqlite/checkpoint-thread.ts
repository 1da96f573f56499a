import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { giveWay } from '../../base/give-way.ts'

/**
 * Checkpoints a store's write-ahead log on request, in a thread with its own connection. It also covers what
 * is written during the checkpoint, so that little is left for the requesting thread.
 */
giveWay()
const port = parentPort
const { file } = workerData as { readonly file: string }
const database = new DatabaseSync(file)
database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0')
const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)')

port?.on('message', () => {
  checkpoint.get()
  checkpoint.get()
  port.postMessage('done')
})

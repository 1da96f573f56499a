import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * The thread that brings a store's log into its file, whenever it is asked to, on a connection of its own. What is written
 * while it does so, it brings over as well: little is left for whoever asked.
 */
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

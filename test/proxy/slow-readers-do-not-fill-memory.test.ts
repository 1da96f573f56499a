import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ask } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody } from '../support/written-upstream.ts'

const READERS = 500
/** The size of each answer. Together they would be 8 GB. */
const ANSWER_BYTES = 16 * 2 ** 20
/**
 * The memory each client may cost, however long its answer is. Resident memory rises by 400 to 650 KB each,
 * of which buffers not yet collected are about 300 and those that survive a forced collection about 100: with
 * plenty of memory the collector is in no hurry. Without backpressure it would be 16 MB.
 */
const MOST_EACH_KB = 1024

test(`${READERS} clients that stop reading cost less than ${MOST_EACH_KB} KB each`, async (t) => {
  const { config, simulator, close } = await prepareHouse({ team: { budgets: [] } })
  t.after(close)
  const served = startServe(t, ['--config', config])
  const chatUrl = `${await listening(served)}/chat/completions`
  const pid = served.child.pid ?? 0
  const messages = [{ role: 'user', content: `[[sim:giant bytes=${ANSWER_BYTES}]]` }]
  const before = residentMb(pid)
  const answers = await Promise.all(
    Array.from({ length: READERS }, async () => {
      const answer = await ask(chatUrl, { body: chatBody({ stream: true, messages }) })
      answer.pause()
      return answer
    }),
  )
  const most = await mostUntilIdle(pid)
  t.diagnostic(`resident: ${before} MB before, at most ${most} MB with ${READERS} streams that nobody reads`)
  assert.ok(most - before < (READERS * MOST_EACH_KB) / 1024, `${most - before} MB more`)
  // All are still being served: a client that resumes reading gets more.
  assert.ok(simulator.calls.every(({ ending }) => ending === undefined))
  const [patient] = answers
  const had = patient?.arrivals.length ?? 0
  patient?.resume()
  await eventually(() => ((patient?.arrivals.length ?? 0) > had + 100 ? true : undefined))
  for (const { abort } of answers) abort()
  await simulator.idle()
})

function residentMb(pid: number): number {
  const kb = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return Math.round(kb / 1024)
}

/** User and system time the process has used, in ticks of the kernel's clock. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

/** Watches until the process is idle, when everything that will be buffered has been. Returns the peak, in MB. */
async function mostUntilIdle(pid: number): Promise<number> {
  let most = 0
  for (let still = 0, last = -1, looks = 0; still < 10; looks += 1) {
    assert.ok(looks < 600, 'it never stops working')
    await setTimeout(50)
    const now = ticks(pid)
    still = now === last ? still + 1 : 0
    last = now
    most = Math.max(most, residentMb(pid))
  }
  return most
}

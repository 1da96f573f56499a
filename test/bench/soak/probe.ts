import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { queryObjects } from 'node:v8'
import type { Asked, Objects, Vitals } from './vitals.ts'

/**
 * Loaded into the program before its own modules (`--import`): answers what nobody can see from outside. Until it is asked it does
 * nothing but keep a histogram of how late the event loop is, and the size of the heap after each full collection.
 */
const NS_PER_MS = 1e6
const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

let heapKept = 0
new PerformanceObserver((list) => {
  if (list.getEntries().some(isFull)) heapKept = process.memoryUsage().heapUsed
}).observe({ entryTypes: ['gc'] })

process.on('message', (asked: Asked) => process.send?.(asked === 'vitals' ? vitals() : objects()))
process.channel?.unref()

/** Node's types do not know what it says of a collection. */
function isFull(entry: PerformanceEntry & { readonly detail?: { readonly kind?: number } }): boolean {
  return entry.detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR
}

function vitals(): Vitals {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  const loopDelayP99 = delay.percentile(99) / NS_PER_MS
  delay.reset()
  return {
    heapUsed,
    heapKept,
    external,
    arrayBuffers,
    loopDelayP99,
    timers: resources.filter((name) => name === 'Timeout').length,
    sockets: resources.filter((name) => name === 'TCPSocketWrap').length,
  }
}

/** Timers that keep nothing alive are in no list of node's, but they are on the heap. */
function objects(): Objects {
  const timer = setTimeout(() => undefined)
  clearTimeout(timer)
  return { sockets: count(Socket), timers: count(timer.constructor), responses: count(ServerResponse) }
}

function count(kind: Parameters<typeof queryObjects>[0]): number {
  return Number(queryObjects(kind, { format: 'count' }))
}

import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { queryObjects } from 'node:v8'
import type { Asked, Objects, Vitals } from './vitals.ts'

/**
 * Loaded into the program before its own modules (`--import`) to report what cannot be seen from outside.
 * Until asked it only keeps a histogram of event loop delay and the heap size after each full garbage
 * collection.
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

/** Node's types lack the details of a garbage collection entry. */
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

/** Unref'd timers appear in none of node's lists, but they are on the heap. */
function objects(): Objects {
  const timer = setTimeout(() => undefined)
  clearTimeout(timer)
  return { sockets: count(Socket), timers: count(timer.constructor), responses: count(ServerResponse) }
}

function count(kind: Parameters<typeof queryObjects>[0]): number {
  return Number(queryObjects(kind, { format: 'count' }))
}

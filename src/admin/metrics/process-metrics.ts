import { collectDefaultMetrics, Registry } from 'prom-client'

/**
 * CPU, memory, event loop and garbage collector under their usual names. A module-level registry, because
 * they exist once per process.
 */
export const processMetrics = new Registry()
collectDefaultMetrics({ register: processMetrics })

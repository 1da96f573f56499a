import { collectDefaultMetrics, Registry } from 'prom-client'

/** CPU, memory, event loop and collector under their usual names. They are the process's own, so it has them once. */
export const processMetrics = new Registry()
collectDefaultMetrics({ register: processMetrics })

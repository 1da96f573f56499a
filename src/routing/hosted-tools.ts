import type { ResponsesRequest } from './responses-request.ts'

/** Tools that the client runs itself, whatever the model. */
export const OWN_TOOLS: ReadonlySet<string> = new Set(['function', 'custom'])

/** Tools that few models know and that clients run as well: an answer ends with their call. */
const RUN_BY_CLIENTS: ReadonlySet<string> = new Set([
  ...OWN_TOOLS,
  'apply_patch',
  'computer',
  'computer_use_preview',
  'local_shell',
])

/** As many calls are allowed, and held for, where a request under a budget states no number. Most answers make one or two. */
const USUAL_CALLS = 8

/**
 * How many calls of tools that run upstream an answer may make: after each the model reads its whole context anew, and all
 * readings are billed. 0 where there is no such tool.
 */
export function hostedCalls({ tools, max_tool_calls: stated }: ResponsesRequest): number {
  const isHosted = tools?.some(({ type }) => !RUN_BY_CLIENTS.has(type)) ?? false
  return isHosted ? (stated ?? USUAL_CALLS) : 0
}

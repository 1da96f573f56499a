import { itemsOf, type ResponsesRequest } from './responses-request.ts'

/** A tool as far as it matters who runs it. */
type Tool = NonNullable<ResponsesRequest['tools']>[number]

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

/** Every tool a request declares: its own, and those that items bring along (`additional_tools`, what a search of tools found). */
export function toolsOf(request: ResponsesRequest): readonly Tool[] {
  const tools = request.tools ?? []
  const brought: Tool[] = []
  for (const item of itemsOf(request)) {
    if (!Array.isArray(item.tools)) continue
    for (const tool of item.tools) if (isTool(tool)) brought.push(tool)
  }
  return brought.length === 0 ? tools : [...tools, ...brought]
}

/** What a server of tools lists has names only. */
function isTool(value: unknown): value is Tool {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/**
 * How many calls of tools that run upstream an answer may make: after each the model reads its whole context anew, and all
 * readings are billed. 0 where there is no such tool.
 */
export function hostedCalls(request: ResponsesRequest): number {
  const isHosted = toolsOf(request).some(({ type }) => !RUN_BY_CLIENTS.has(type))
  return isHosted ? (request.max_tool_calls ?? USUAL_CALLS) : 0
}

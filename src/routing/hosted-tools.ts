import { itemsOf, type ResponsesRequest } from './responses-request.ts'

/** A tool, as far as it determines who runs it. */
type Tool = NonNullable<ResponsesRequest['tools']>[number]

/** Tools the client runs itself, whatever the model. */
export const OWN_TOOLS: ReadonlySet<string> = new Set(['function', 'custom'])

/** Tools that few models know and that clients also run: an answer ends with a call of one. */
const RUN_BY_CLIENTS: ReadonlySet<string> = new Set([
  ...OWN_TOOLS,
  'apply_patch',
  'computer',
  'computer_use_preview',
  'local_shell',
])

/** Calls allowed, and held for, if a request under a budget states no number. Most answers make 1 or 2. */
const USUAL_CALLS = 8

/**
 * Every tool a request declares: its own, and those its items bring along (`additional_tools`, results of a
 * tool search).
 */
export function toolsOf(request: ResponsesRequest): readonly Tool[] {
  const tools = request.tools ?? []
  const brought: Tool[] = []
  for (const item of itemsOf(request)) {
    if (!Array.isArray(item.tools)) continue
    for (const tool of item.tools) if (isTool(tool)) brought.push(tool)
  }
  return brought.length === 0 ? tools : [...tools, ...brought]
}

/** Tools in an MCP server's listing have a name but no `type`. */
function isTool(value: unknown): value is Tool {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/**
 * How many hosted tool calls an answer may make. After each one the model rereads its whole context, and
 * every reading is billed. 0 if there is no hosted tool.
 */
export function hostedCalls(request: ResponsesRequest): number {
  const isHosted = toolsOf(request).some(({ type }) => !RUN_BY_CLIENTS.has(type))
  return isHosted ? (request.max_tool_calls ?? USUAL_CALLS) : 0
}

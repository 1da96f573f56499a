import { fail } from '../base/failure.ts'
import { type Member, membersOf, membersOfElements, rootOf } from '../base/json-span.ts'
import { membersIn } from '../base/loose-json.ts'
import { itemsOf, type ResponsesRequest } from './responses-request.ts'
import { requireOnce } from './said-once.ts'

/** A model named by a tool, in addition to the answering one, and where. */
export interface ToolModel {
  readonly model: string
  readonly param: string
}

/**
 * Every model named by the tools of a Responses request: its own, those in namespaces, and those its items
 * bring along. Throws `invalid_request` if a tool names one twice, with a key not in lower case, or not as a
 * string.
 */
export function modelsOfTools(request: ResponsesRequest, body: Buffer): readonly ToolModel[] {
  const found: ToolModel[] = []
  const root = membersOf(body, rootOf(body))
  const tools = listAt(root, 'tools')
  if (request.tools && tools !== undefined) readTools({ body, tools: request.tools, found }, tools, 'tools')
  const items = itemsOf(request)
  const input = listAt(root, 'input')
  if (items.length === 0 || input === undefined) return found
  membersOfElements(body, input).forEach((members, index) => {
    const brought = listAt(members, 'tools')
    const list = items[index]?.tools
    if (brought !== undefined && Array.isArray(list))
      readTools({ body, tools: list, found }, brought, `input[${index}].tools`)
  })
  return found
}

interface ToolList {
  readonly body: Buffer
  readonly tools: readonly unknown[]
  readonly found: ToolModel[]
}

/** Reads the list at offset `open`; a namespace contains tools, but no namespaces. */
function readTools({ body, tools, found }: ToolList, open: number, param: string, isInner = false): void {
  membersOfElements(body, open).forEach((members, index) => {
    const at = `${param}[${index}]`
    requireOnce(members, NAMING, () => at)
    const { model, tools: inner } = membersIn(tools[index])
    if (typeof model === 'string') found.push({ model, param: `${at}.model` })
    else if (model !== undefined && model !== null) {
      fail({ code: 'invalid_request', detail: `'${at}.model' must be a string`, param: `${at}.model` })
    }
    const innerAt = listAt(members, 'tools')
    if (!isInner && innerAt !== undefined && Array.isArray(inner))
      readTools({ body, tools: inner, found }, innerAt, `${at}.tools`, true)
  })
}

const NAMING = ['model', 'tools']

function listAt(members: readonly Member[], name: string): number | undefined {
  return members.findLast(({ key }) => key === name)?.start
}

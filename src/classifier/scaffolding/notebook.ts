/** "%% [code] In [2]:", "# %% [markdown]", "# COMMAND ----------", "In [7]:" */
const CELL =
  /^(?:(?:#|\/\/|--) ?)?(?:%%(?:$| .{0,80}$)|COMMAND -{5,}$|Databricks notebook source$)|^In ?\[[\d ]{0,6}\]:$/
/** What an editor writes beside the cell in which its user is. */
const ACTIVE = /\b(?:active|current|selected|focused)\b/
const COMMENT = /^(?:#|\/\/|--|%) ?(?!%)/
/** "@ai" above the words says whom they are for. */
const MENTION = /^@[\w-]{1,32}$/

/**
 * The comment in the last cell of a notebook that was sent whole, if that cell has nothing else: an ask to an
 * assistant beside it. With anything above the first cell, the last must be said to be the active one. Any other
 * text is unchanged. Linear in its length.
 */
export function lastComment(text: string): string {
  if (!text.includes('\n') || !/%%|COMMAND -|In ?\[/.test(text)) return text
  const lines = text.split('\n').map((line) => line.trimEnd())
  const last = lines.findLastIndex((line) => CELL.test(line))
  if (last === -1 || (!CELL.test(lines[0] ?? '') && !ACTIVE.test(lines[last] ?? ''))) return text
  const cell = lines.slice(last + 1).filter((line) => line !== '')
  if (!cell.every((line) => COMMENT.test(line))) return text
  const words = cell.map((line) => line.replace(COMMENT, '')).filter((line) => !MENTION.test(line))
  return words.join('\n').trim() || text
}

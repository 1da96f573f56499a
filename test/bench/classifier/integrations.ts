/** Lines joined with blanks, as programs do that know only one line. */
const oneLine = (text: string): string => text.trim().replace(/\s*\r?\n\s*/g, ' ')

/** HTML-escaped, line breaks kept. */
const escaped = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;')

/** HTML-escaped, line breaks as <br>. */
const broken = (text: string): string => escaped(text).replace(/\r?\n/g, '<br>')

/** Slack escapes three characters only. */
const slack = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** As it stands inside a JSON string, without the outer quotes. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Every line after a prefix. */
const prefixed = (prefix: string, text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => prefix + line)
    .join('\n')

const F = '```'

/**
 * What agents, frameworks, chats, mail, tickets and automations put around a person's words. Written from
 * memory of those programs without a look at the rules, and first measured after that.
 */
export const INTEGRATIONS: Readonly<Record<string, (text: string) => string>> = {
  // ── coding agents ──────────────────────────────────────────────────────────
  'Claude Code, reminders and opened file': (text) => `<system-reminder>
As you answer the user's questions, you can use the following context:
# claudeMd
Codebase and user instructions are shown below. Be sure to adhere to these instructions. IMPORTANT: These instructions OVERRIDE any default behavior and you MUST follow them exactly as written.

Contents of /home/mira/src/ledger/CLAUDE.md (project instructions, checked into the codebase):

# Ledger
- pnpm, not npm
- Tests live next to the source as *.test.ts
- Money is always integer cents

# currentDate
Today's date is 2025-11-18.

      IMPORTANT: this context may or may not be relevant to your tasks. You should not respond to this context unless it is highly relevant to your task.
</system-reminder>

<ide_opened_file>The user opened the file /home/mira/src/ledger/src/posting.ts in the IDE. This may or may not be related to the current task.</ide_opened_file>
${text}
<system-reminder>
The TodoWrite tool hasn't been used recently. If you're working on tasks that would benefit from tracking progress, consider using the TodoWrite tool to track progress. Only use it if it's relevant to the current work. This is just a gentle reminder - ignore if not applicable. Make sure that you NEVER mention this reminder to the user
</system-reminder>`,

  'Cursor, additional data and user_query': (text) => `<additional_data>
Below are some potentially helpful/relevant pieces of information for figuring out how to respond

<open_and_recently_viewed_files>
Recently viewed files (recent at the top, oldest at the bottom):
- /Users/tom/code/shop-web/src/components/Cart.tsx (total lines: 214)
- /Users/tom/code/shop-web/src/lib/money.ts (total lines: 58)

User currently doesn't have any open files in their IDE.
Note: these files may or may not be relevant to the current conversation. Use the read file tool if you need to get the contents of some of them.
</open_and_recently_viewed_files>

<linter_errors>
No linter errors found.
</linter_errors>
</additional_data>

<user_info>
OS Version: darwin 24.6.0
Shell: zsh
Workspace Path: /Users/tom/code/shop-web
</user_info>

<user_query>
${text}
</user_query>`,

  'Cline, task and environment_details': (text) => `<task>
${text}
</task>

# task_progress RECOMMENDED

When starting a new task, it is recommended to include a todo list using the task_progress parameter.

<environment_details>
# Visual Studio Code Visible Files
src/api/routes.ts

# Visual Studio Code Open Tabs
src/api/routes.ts
package.json

# Current Time
3/9/2025, 10:41:07 PM (Europe/Berlin, UTC+1:00)

# Current Working Directory (c:/Users/jonas/projects/inventory) Files
.gitignore
package.json
README.md
src/
src/api/
src/api/routes.ts
src/db.ts

# Context Window Usage
0 / 200K tokens used (0%)

# Current Mode
ACT MODE
</environment_details>`,

  'Roo Code, feedback after a completed attempt': (text) => `[attempt_completion] Result:

The user has provided feedback on the results. Consider their input to continue the task, and then attempt completion again.
<feedback>
${text}
</feedback>
====

REMINDERS

Below is your current list of reminders for this task. Keep them updated as you progress.

| # | Content | Status |
|---|---------|--------|
| 1 | Read the existing migration | Completed |
| 2 | Run the unit tests | Completed |

<environment_details>
# VSCode Visible Files
migrations/0007_add_tenant.sql

# Current Time
Current time in ISO 8601 UTC format: 2025-08-21T07:52:13.904Z
User time zone: America/Sao_Paulo, UTC-3:00

# Current Cost
$0.31

# Current Mode
<slug>code</slug>
<name>💻 Code</name>
<model>anthropic/claude-sonnet-4</model>
</environment_details>`,

  'Aider, message with the edit-format reminder behind': (text) => `${text}

# *SEARCH/REPLACE block* Rules:

Every *SEARCH/REPLACE block* must use this format:
1. The *FULL* file path alone on a line, verbatim. No bold asterisks, no quotes around it, no escaping of characters, etc.
2. The opening fence and code language, eg: ${F}python
3. The start of search block: <<<<<<< SEARCH
4. A contiguous chunk of lines to search for in the existing source code
5. The dividing line: =======
6. The lines to replace into the source code
7. The end of the replace block: >>>>>>> REPLACE
8. The closing fence: ${F}

Use the *FULL* file path, as shown to you by the user.

Every *SEARCH* section must *EXACTLY MATCH* the existing file content, character for character, including all comments, docstrings, etc.

Only create *SEARCH/REPLACE* blocks for files that the user has added to the chat!

ONLY EVER RETURN CODE IN A *SEARCH/REPLACE BLOCK*!`,

  'Codex IDE extension, context from my IDE': (text) => `# Context from my IDE setup:

## Active file: services/billing/invoice.go

## Active selection of the file:
func (i *Invoice) Total() int64 {
	var sum int64
	for _, l := range i.Lines {
		sum += l.Amount
	}
	return sum
}

## Open tabs:
- invoice.go: services/billing/invoice.go
- go.mod: go.mod
- AGENTS.md: AGENTS.md

## My request for Codex:
${text}
`,

  'Copilot Chat in VS Code, userRequest': (text) => `<attachments>
<attachment id="file:app.module.ts">
User's active file for additional context:
// filepath: /workspaces/portal/src/app/app.module.ts
@NgModule({ declarations: [AppComponent], bootstrap: [AppComponent] })
export class AppModule {}
</attachment>

</attachments>
<context>
The current date is October 2, 2025.
There is no git diff to show. Terminals:
Terminal: bash
Last Command: npm test
Cwd: /workspaces/portal
Exit Code: 0
</context>
<editorContext>
The user's current file is /workspaces/portal/src/app/app.module.ts. 
</editorContext>
<reminderInstructions>
You are an agent - you must keep going until the user's query is completely resolved, before ending your turn and yielding back to the user.
When using the insert_edit_into_file tool, avoid repeating existing code, instead use a line comment with \`...existing code...\` to represent regions of unchanged code.
</reminderInstructions>
<userRequest>
${text}
</userRequest>
`,

  'Windsurf Cascade, USER_REQUEST and metadata': (text) => `<USER_REQUEST>
${text}
</USER_REQUEST>
<ADDITIONAL_METADATA>
The current local time is: 2025-06-30T16:04:55+05:30. This is the latest source of truth for time; do not attempt to get the time any other way.

The user's current state is as follows:
Active Document: d:\\work\\fleet\\tracker\\views.py (LANGUAGE_PYTHON)
Cursor is on line: 88
Other open documents:
- d:\\work\\fleet\\tracker\\urls.py (LANGUAGE_PYTHON)
- d:\\work\\fleet\\requirements.txt (LANGUAGE_UNSPECIFIED)
No browser pages are currently open in the IDE
</ADDITIONAL_METADATA>
<EPHEMERAL_MESSAGE>
This message is not actually sent by the user, but is injected by the system as important information to pay attention to. Do not respond to nor acknowledge it. No plan is currently active.
</EPHEMERAL_MESSAGE>`,

  'Continue, fenced context items before the words': (text) => `${F}rust src/parser/lexer.rs (12-19)
pub struct Lexer<'a> {
    src: &'a str,
    pos: usize,
}
${F}

${F}toml Cargo.toml
[package]
name = "tinyql"
version = "0.3.1"
edition = "2021"
${F}

${text}`,

  'Zed agent panel, attached context': (text) => `
<context>
The following items were attached by the user. They are up-to-date and don't need to be re-read.

<files>
${F}ex lib/relay/session.ex
defmodule Relay.Session do
  use GenServer

  def start_link(opts), do: GenServer.start_link(__MODULE__, opts)
end
${F}
</files>
<rules>
The user has specified the following rules that should be applied:

Rules title: style
${F}
Prefer pattern matching to conditionals.
${F}
</rules>
</context>
${text}
<project_status>
[The following is an auto-generated notification; do not reply]
These files changed since the last read: lib/relay/session.ex
</project_status>`,

  // ── frameworks ─────────────────────────────────────────────────────────────
  'LangChain ReAct agent, Question and Thought': (
    text,
  ) => `Answer the following questions as best you can. You have access to the following tools:

wikipedia(query: str) -> str - A wrapper around Wikipedia. Useful for when you need to answer general questions about people, places, companies, facts, historical events, or other subjects. Input should be a search query.
Calculator(*args: Any, **kwargs: Any) -> Any - Useful for when you need to answer questions about math.

Use the following format:

Question: the input question you must answer
Thought: you should always think about what to do
Action: the action to take, should be one of [wikipedia, Calculator]
Action Input: the input to the action
Observation: the result of the action
... (this Thought/Action/Action Input/Observation can repeat N times)
Thought: I now know the final answer
Final Answer: the final answer to the original input question

Begin!

Question: ${text}
Thought:`,

  "LangChain conversational agent, USER'S INPUT": (text) => `TOOLS
------
Assistant can ask the user to use tools to look up information that may be helpful in answering the users original question. The tools the human can use are:

> Current Search: useful for when you need to answer questions about current events or the current state of the world

RESPONSE FORMAT INSTRUCTIONS
----------------------------

When responding to me, please output a response in one of two formats:

**Option 1:**
Use this if you want the human to use a tool.
Markdown code snippet formatted in the following schema:

${F}json
{
    "action": string, \\\\ The action to take. Must be one of Current Search
    "action_input": string \\\\ The input to the action
}
${F}

**Option #2:**
Use this if you want to respond directly to the human. Markdown code snippet formatted in the following schema:

${F}json
{
    "action": "Final Answer",
    "action_input": string \\\\ You should put what you want to return to use here
}
${F}

USER'S INPUT
--------------------
Here is the user's input (remember to respond with a markdown code snippet of a json blob with a single action, and NOTHING else):

${text}`,

  'LlamaIndex text_qa_template': (text) => `Context information is below.
---------------------
page_label: 14
file_path: data/handbook_2024.pdf

Employees accrue 2.25 days of annual leave per completed month of service.

page_label: 15
file_path: data/handbook_2024.pdf

Leave not taken by 31 March of the following year lapses.
---------------------
Given the context information and not prior knowledge, answer the query.
Query: ${text}
Answer: `,

  'AutoGen group chat, speaker line and rule': (text) => `user_proxy (to chat_manager):

${text}

--------------------------------------------------------------------------------

Next speaker: engineer

(Reply TERMINATE in a line of its own when the task is done. max_consecutive_auto_reply=10, human_input_mode=NEVER)`,

  'CrewAI, Current Task and expected criteria': (text) => `
Current Task: ${text}

This is the expected criteria for your final answer: A complete and correct result, formatted as markdown without '${F}'
you MUST return the actual complete content as the final answer, not a summary.

This is the context you're working with:
[{"agent": "Intake Clerk", "output": "Request accepted, priority normal, no attachments."}]

# Useful context: 
Historical Data:
- Answers were rated higher when they were direct.

Begin! This is VERY important to you, use the tools available and give your best Final Answer, your job depends on it!

Thought:`,

  'Semantic Kernel, chat history as XML': (
    text,
  ) => `<message role="system">You are a friendly assistant named Kernel. Today is Tuesday, 14 January 2025 09:12:44.</message>
<message role="user">Hi there</message>
<message role="assistant">Hello! What can I do for you today?</message>
<message role="user">${escaped(text)}</message>
<message role="assistant">`,

  'Haystack PromptBuilder, documents and question': (text) => `
Given these documents, answer the question.
If the answer is not contained in the documents, reply with 'inconclusive'.

Documents:

    The lighthouse was automated in 1987 and the last keeper left the following spring.

    Its lamp has a nominal range of 23 nautical miles.


Question: ${oneLine(text)}
Answer:
`,

  'DSPy ChatAdapter, field headers': (text) => `[[ ## context ## ]]
[1] «Basalt | Basalt is an aphanitic extrusive igneous rock formed from the rapid cooling of low-viscosity lava.»
[2] «Gabbro | Gabbro is a phaneritic intrusive igneous rock, chemically equivalent to basalt.»

[[ ## question ## ]]
${text}

Respond with the corresponding output fields, starting with the field \`[[ ## reasoning ## ]]\`, then \`[[ ## answer ## ]]\`, and then ending with the marker for \`[[ ## completed ## ]]\`.`,

  'smolagents, managed agent with a task from its manager': (
    text,
  ) => `You're a helpful agent named 'web_helper'.
You have been submitted this task by your manager.
---
Task:
${text}
---
You're helping your manager solve a wider task: so make sure to not provide a one-line answer, but give as much information as possible to give them a clear understanding of the answer.

Your final_answer WILL HAVE to contain these parts:
### 1. Task outcome (short version):
### 2. Task outcome (extremely detailed version):
### 3. Additional context (if relevant):

Put all these in your final_answer tool, everything that you do not pass as an argument to final_answer will be lost.
And even if your task resolution is not successful, please return as much context as possible, so that your manager can act upon this feedback.
You have been provided with these additional arguments, that you can access directly using the keys as variables:
{'locale': 'en_GB', 'max_pages': 5}.`,

  'PydanticAI, format_as_xml of the deps': (text) => `<request>
  <id>8f1d7c02-5b0e-4c39-9a77-0a4be2c6f3d1</id>
  <received>2025-05-06T11:20:31+00:00</received>
  <customer>
    <name>Priya Nair</name>
    <tier>gold</tier>
    <pending_balance>123.45</pending_balance>
  </customer>
  <message>${escaped(text)}</message>
</request>

Call the tool \`final_result\` to respond; plain text responses are not permitted.`,

  // ── chat front ends ────────────────────────────────────────────────────────
  'Open WebUI, RAG template': (text) => `### Task:
Respond to the user query using the provided context, incorporating inline citations in the format [id] **only when the <source> tag includes an explicit id attribute** (e.g., <source id="1">).

### Guidelines:
- If you don't know the answer, clearly state that.
- If uncertain, ask the user for clarification.
- Respond in the same language as the user's query.
- If the context is unreadable or of poor quality, inform the user and provide the best possible answer.
- **Only include inline citations using [id] (e.g., [1], [2]) when the <source> tag includes an id attribute.**
- Do not use XML tags in your response.

### Output:
Provide a clear and direct response to the user's query, including inline citations in the format [id] only when the <source> tag with id attribute is present in the context.

<context>
<source id="1" name="router-manual.pdf">To restore factory settings hold the reset pin for ten seconds until the power LED blinks amber.</source>
<source id="2" name="router-manual.pdf">The default management address is 192.168.8.1.</source>
</context>

<user_query>
${text}
</user_query>
`,

  'LibreChat, attached file with retrieved context': (
    text,
  ) => `The user has attached a file to the conversation:
      <files>
  <file>
          <filename>minutes_q3.docx</filename>
          <type>application/vnd.openxmlformats-officedocument.wordprocessingml.document</type>
        </file>
        </files>

        A semantic search was executed with the user's message as the query, retrieving the following context inside <context></context> XML tags.

        <context>
    <file>
      <filename>minutes_q3.docx</filename>
      <context>
        <contextItem>
          <![CDATA[The board noted the figures for the quarter. Next meeting 11 December, room 4.02.]]>
        </contextItem>
      </context>
    </file>
        </context>

        Use the context as your learned knowledge to better answer the user.

        In your response, remember to follow these guidelines:
        - If you don't know the answer, simply say that you don't know.
        - If you are unsure how to answer, ask for clarification.
        - Avoid mentioning that you obtained the information from the context.

${text}`,

  'Slack app mention with thread history': (
    text,
  ) => `Channel: <#C05QK2M8T1A|team-platform> · Thread: 1741359862.114399 · Workspace: northwind-hq
Thread so far (oldest first):
[09:44] <@U03BLA77K> (Dana Whitlock): morning all :coffee:
[09:45] <@U04ZT19QX> (Rui Costa): deploy of v412 is through, all green :white_check_mark:
[09:45] <@U07ASSIST01> (helper-bot): :+1: noted.

New message from <@U03BLA77K> (Dana Whitlock) at 1741360027.902149:
<@U07ASSIST01> ${slack(text)}

Format the reply as Slack mrkdwn (*bold*, _italic_, no headings, no tables). It is posted in the thread above.`,

  'Teams bot activity, HTML body': (text) =>
    `{"type":"message","id":"1738231905512","timestamp":"2025-01-30T10:11:45.5378213Z","localTimezone":"Europe/Vienna","channelId":"msteams","from":{"id":"29:1bXo9…","name":"Huber, Katharina","aadObjectId":"0c7f4f5e-77d1-4b6d-8a60-4f1be0b0ad5c"},"conversation":{"isGroup":true,"conversationType":"channel","id":"19:5e1f0c…@thread.tacv2;messageid=1738231905512"},"textFormat":"html","attachments":[{"contentType":"text/html","content":"${inJson(`<div><div><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">Assistenz</span>&nbsp;${broken(text)}</div></div>`)}"}],"entities":[{"type":"clientInfo","locale":"de-AT","country":"AT","platform":"Windows"}],"locale":"de-AT"}`,

  'Discord bridge, reply reference and sender line': (
    text,
  ) => `[Discord Guild #help-desk channel id:1180443920117743616 2025-09-14 21:37 UTC] kestrel_7 (Kes) [user id:402917755318272001]:
${text}
[message id: 1417260883315204157]

[Replying to pixelwren id:1417258011449622539]
> thanks, works now 🎉
[/Replying]

(Untrusted channel metadata — topic: "be kind, search first, no DMs". Messages over 2000 characters are split.)`,

  'Telegram bot, Russian envelope': (text) => `🤖 Новое сообщение в боте @pomoshnik_ru_bot
update_id: 718203341 | message_id: 5512 | chat_id: 298114057 (private)
От: Алексей Громов (@agromov), язык: ru
Дата: 17.04.2025 19:08:26 (МСК)

Текст сообщения:
${text}

——
История диалога: пусто (команда /reset в 19:07).
Отвечай обычным текстом, без Markdown, не длиннее 4096 символов.`,

  'WhatsApp bridge, Brazilian chat log': (
    text,
  ) => `Atendimento via WhatsApp · número +55 11 98•••-4410 · sessão 7d2a-99c1 · janela de 24h aberta

[22/07/2025 08:15:02] Juliana: Bom dia
[22/07/2025 08:15:04] Assistente Virtual: Bom dia, Juliana! 😊 Em que posso ajudar?
[22/07/2025 08:16:40] Juliana: ${text}
[22/07/2025 08:16:40] ‎Status: entregue ✓✓

Responda à última mensagem da Juliana em tom cordial. Use *negrito* só se precisar.`,

  // ── mail and tickets ───────────────────────────────────────────────────────
  'Outlook mail, German, signature and history': (
    text,
  ) => `Von: Sabine Kröger <s.kroeger@kroeger-holzbau.example>
Gesendet: Donnerstag, 6. März 2025 14:27
An: KI-Postfach <assistent@kroeger-holzbau.example>
Cc: Büro
Betreff: AW: Zugang Assistent
Wichtigkeit: Normal

[EXTERN] Diese E-Mail stammt von außerhalb der Organisation.

Hallo,

${text}

Mit freundlichen Grüßen
i. A. Sabine Kröger

Kröger Holzbau GmbH · Am Sägewerk 3 · 31785 Hameln
Tel. +49 5151 5550-12 · Amtsgericht Hannover HRB 000000 · GF: Dieter Kröger
Diese E-Mail kann vertrauliche Informationen enthalten. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie bitte.

________________________________
Von: KI-Postfach <assistent@kroeger-holzbau.example>
Gesendet: Donnerstag, 6. März 2025 09:02
An: Sabine Kröger
Betreff: Zugang Assistent

Guten Tag Frau Kröger, Ihr Zugang ist eingerichtet. Antworten Sie einfach auf diese Nachricht.`,

  'Gmail thread, French, forwarded with quoted lines': (
    text,
  ) => `Message-ID: <CAJ7x+Qm0bUe5wN=4kP9@mail.gmail.com>
Labels: INBOX, UNREAD, assistant-ia

---------- Forwarded message ---------
De : Élodie Marchand <elodie.marchand@gmail.example>
Date: mar. 3 juin 2025 à 18:51
Subject: Re: Bienvenue
To: <assistant@studio-marchand.example>


${text}

Envoyé de mon iPhone

Le mar. 3 juin 2025 à 17:30, Assistant <assistant@studio-marchand.example> a écrit :

> Bonjour Élodie,
>
> Votre compte est prêt. Écrivez-nous à cette adresse à tout moment.
>
> L'équipe`,

  'Zendesk ticket, reply line and requester block': (text) => `##- Please type your reply above this line -##

Ticket #481920 | Status: Open | Priority: Normal | Group: Tier 1 | Brand: Parcelmate
Requester: Owen Blythe <owen.blythe@example.org>
Channel: Web form | Created: 2025-02-11 07:33:19 UTC | Tags: new_customer, en-gb

----------------------------------------------
Owen Blythe, Feb 11, 2025, 07:33 GMT

${text}
----------------------------------------------

Attachment(s): none
You are an agent. Add a comment by replying to this email or view ticket in Zendesk:
https://parcelmate.example.zendesk.com/agent/tickets/481920

This email is a service from Parcelmate. Delivered by Zendesk [8KXQ2V-ML04]`,

  'Jira automation, issue fields': (
    text,
  ) => `Rule "AI triage" fired for PLAT-2271 (trigger: Issue created, actor: Automation for Jira)

*Project:* Platform (PLAT)
*Issue type:* Task
*Summary:* Request from the intake portal
*Reporter:* [~accountid:5f3c1e0a7bd4420071e6a0c2] (Nkechi Obi)
*Assignee:* Assistant
*Priority:* Medium
*Fix version/s:* None
*Sprint:* PLAT Sprint 48

h3. Description

{quote}
${text}
{quote}

h3. Comments (0)
_There are no comments yet on this issue._

Post the result as a comment in Jira wiki markup. [View issue|https://obi-labs.example.atlassian.net/browse/PLAT-2271]`,

  'ServiceNow request item, flattened fields': (text) => `number=RITM0093417
sys_id=a9e30c7dc61122760116894de7bcc7bd
opened_at=2025-10-27 06:58:03
opened_by.name=Beth Anglin
caller_id.vip=false
cat_item.name=Ask the AI desk
assignment_group=AI Desk
state=Work in Progress
impact=3 - Low
urgency=3 - Low
short_description=Ask the AI desk - Beth Anglin
description=${oneLine(text)}
work_notes=2025-10-27 06:58:05 - System (Work notes) Routed by assignment rule "AI desk default".
additional_comments=
close_notes=`,

  'Intercom conversation, HTML parts': (
    text,
  ) => `<conversation id="215470019384" state="open" admin_assignee="Fin" started="1754486400">
<contact external_id="usr_66120" name="Mateo Rivas" location="Valencia, Spain" plan="starter" browser="Firefox 141"/>
<part id="90113" author_type="bot" created_at="1754486402"><p>Hola 👋 ¿En qué podemos ayudarte?</p></part>
<part id="90114" author_type="user" created_at="1754486459"><p>${broken(text).replace(/(?:<br>){2,}/g, () => '</p><p>')}</p></part>
<macros allowed="false"/>
</conversation>

Responde al usuario en su propio idioma. No incluyas HTML.`,

  // ── automations ────────────────────────────────────────────────────────────
  'Zapier, Google Forms row into a prompt': (text) => `New or Updated Form Response in Google Forms

Response ID: ACYDBNi7Q0xw3kPZ
Create Time: 2025-04-02T15:19:48.120Z
Respondent Email: h.lindqvist@example.se
Answers How did you hear about us: A friend
Answers What would you like the assistant to do: ${oneLine(text)}
Answers May we contact you: Yes
Form Link: https://docs.google.com/forms/d/e/1FAIpQLSd-example/viewform
Zap Meta Human Now: 04/02/25 05:19PM
Zap ID: 244810933`,

  'n8n chat trigger, raw JSON item': (text) => `[
  {
    "headers": {
      "host": "n8n.internal.example",
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64)",
      "content-type": "application/json"
    },
    "params": {},
    "query": {},
    "body": {
      "action": "sendMessage",
      "sessionId": "c0b6c1f2-6a56-4d0b-9a54-1e9f7d1f2a6e",
      "chatInput": "${inJson(text)}"
    },
    "webhookUrl": "https://n8n.internal.example/webhook/5f1c0b/chat",
    "executionMode": "production"
  }
]`,

  'Power Automate, approval mail as an HTML table': (text) =>
    `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><p class="editor-paragraph">Nieuw antwoord via Microsoft Forms (stroom: <i>Vraag aan Copilot</i>, run 08584611790239</i>)</p><table border="1" cellpadding="4"><tr><td><b>Indiener</b></td><td>Femke de Wit</td></tr><tr><td><b>Afdeling</b></td><td>Inkoop</td></tr><tr><td><b>Ingediend op</b></td><td>19-5-2025 11:03:27</td></tr><tr><td><b>Uw vraag of opdracht</b></td><td>${broken(text)}</td></tr><tr><td><b>Bijlagen</b></td><td>[]</td></tr></table><p><span style="font-size:9px">Dit bericht is automatisch verzonden door Power Automate. Niet beantwoorden.</span></p></body></html>`,

  'Home Assistant Assist, voice with exposed devices': (
    text,
  ) => `You are a voice assistant for Home Assistant.
Answer questions about the world truthfully.
Answer in plain text. Keep it simple and to the point, it will be read aloud.
Current time is 20:14:09. Today's date is 2025-12-03.
You are in area Kitchen (floor Ground floor).
Static Context: An overview of the areas and the devices in this smart home:
- names: Ceiling light
  domain: light
  areas: Kitchen
- names: Hall thermostat
  domain: climate
  areas: Hall
stt: faster-whisper (en, confidence 0.93) | satellite: assist_satellite.kitchen_voice | conversation_id: 01JE6Z4W9R

User: ${oneLine(text)}
Assistant:`,

  // ── RAG template, form mailer, notebook, terminal ──────────────────────────
  'FastGPT knowledge base, Chinese quote prompt': (
    text,
  ) => `使用 <Reference></Reference> 标记中的内容作为本次对话的参考:

<Reference>
{"id":"66f2b1","sourceName":"员工手册.pdf","content":"公司工作时间为上午九点至下午六点,午休一小时。","updateTime":"2025-03-01"}
------
{"id":"66f2b4","sourceName":"员工手册.pdf","content":"访客须在前台登记。","updateTime":"2025-03-01"}
</Reference>

回答要求:
- 如果你不清楚答案,你需要澄清。
- 避免提及你是从 <Reference></Reference> 获取的知识。
- 使用 Markdown 语法优化回答格式。
- 使用与问题相同的语言回答。

问题:"""${text}"""`,

  'Contact form mailer, Italian notification': (text) => `Da: Giulia Ferrante <giulia.ferrante@example.it>
Oggetto: [Officina Ferrante] Nuova richiesta dal modulo di contatto
Data: 9 settembre 2025 alle 16:42

Nome: Giulia Ferrante
Telefono: 0432 555 018
Accetto la privacy policy: 1

Corpo del messaggio:
${text}

-- 
Questa è una notifica dell'invio di un modulo di contatto sul tuo sito web (Officina Ferrante https://officina-ferrante.example).
IP: 203.0.113.57 | User agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)`,

  'Jupyter notebook, last cell as comments': (
    text,
  ) => `The following is the content of notebook \`eda_rainfall.ipynb\` (kernel: python3, 3 cells). The user's words are in the active cell.

%% [code] In [1]:
import pandas as pd
df = pd.read_csv("rainfall.csv", parse_dates=["day"])

%% [code] In [2]:
df.shape
Out[2]: (3652, 4)

%% [code] In [ ]:   <- active cell
# @ai
${prefixed('# ', text)}`,
}

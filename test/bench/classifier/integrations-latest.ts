/** Each line behind a prefix. */
const prefixed = (prefix: string, text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => `${prefix}${line}`)
    .join('\n')

/** As it stands inside a JSON string, without the outer quotes. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Inside a quoted value of CSV. */
const inCsv = (text: string): string => text.replace(/"/g, '""')

/** Still more, written after those of `integrations-after.ts` were handled. */
export const INTEGRATIONS_LATEST: Readonly<Record<string, (text: string) => string>> = {
  'WhatsApp export, Android, Spanish': (
    text,
  ) => `4/6/25, 9:58 - Los mensajes y las llamadas están cifrados de extremo a extremo.
4/6/25, 9:58 - Lucía Prado: Hola
4/6/25, 9:58 - Asistente Norte: ¡Hola Lucía! ¿En qué puedo ayudarte?
4/6/25, 10:02 - Lucía Prado: ${text}`,

  'Telegram Desktop, copied messages': (text) => `Oleg Sorokin, [11.04.2025 19:20]
/start

Helper Bot, [11.04.2025 19:20]
Hi! Ask me anything.

Oleg Sorokin, [11.04.2025 19:23]
${text}`,

  'Microsoft Teams, copied conversation': (text) => `[8:14 AM] Priya Raman
hi there

[8:14 AM] Ops Assistant
Good morning Priya, how can I help?

[8:16 AM] Priya Raman
${text}`,

  'Google Chat space, forwarded by a bot': (text) => `*New message in space "Lab 3"*
*From:* Benedikt Vogt <benedikt@lab.example>
*Sent:* 2025-10-02 15:47 CEST
*Thread:* spaces/AAAA9kQ/threads/Zx81

${text}

_Reply in thread to answer._`,

  'Facebook Messenger, page inbox': (text) => `Conversation with Zanele Dube
Page: Blue Kettle Café
Started: May 3, 2025 at 4:41 PM

Zanele Dube: hey
Blue Kettle Assistant: Hi Zanele! What can we do for you?
Zanele Dube: ${text}`,

  'Slack channel, CSV export': (text) => `ts,user,channel,text
1746781201.000300,U04AB,help-desk,"hello"
1746781288.004419,U04AB,help-desk,"${inCsv(text)}"`,

  'Discord, DiscordChatExporter as plain text': (
    text,
  ) => `==============================================================
Guild: Study Hall
Channel: Text Channels / ask-bot
==============================================================

[05/09/2025 8:22 PM] marlowe
hey bot

[05/09/2025 8:22 PM] AskBot
Hello marlowe!

[05/09/2025 8:24 PM] marlowe
${text}


==============================================================
Exported 3 message(s)
==============================================================`,

  'Asana task, e-mail to a project': (text) => `Task: Question for the assistant
Project: Desk / Intake
Assignee: Assistant
Due on: 2025-06-19
Created by: Hana Kovář on Jun 12, 2025

Description:
${text}

Subtasks: none
Link: https://app.asana.example/0/1207/1209`,

  'Linear issue, webhook flattened': (text) => `action: create
type: Issue
data.id: 5e8f7c1e-0b7a-4b8e-9f57-2f3a0c5d1e44
data.team.key: OPS
data.number: 412
data.priority: 0
data.title: New request
data.description: ${text}
createdAt: 2025-07-22T08:03:55.120Z`,

  'Zoho Desk, ticket created': (text) => `Ticket Id : 4471
Subject : Web form
Contact Name : Marek Nowicki
Email : marek@x.example
Channel : Web
Classification : -None-
Created Time : 14 Feb 2025 10:02 AM

${text}`,

  'Odoo helpdesk, mail thread': (text) => `Your ticket "Website question (#0093)" has been created.

-----------------------------------------
Customer: Elin Bergström
Team: First line
Stage: New
-----------------------------------------
${text}
-----------------------------------------
Sent by Fjord AB using Odoo`,

  'Monday item, column values': (text) =>
    JSON.stringify({
      boardId: 4471820,
      itemName: 'Incoming',
      columns: [
        { id: 'person', title: 'Owner', text: 'Assistant' },
        { id: 'date4', title: 'Date', text: '2025-08-08' },
        { id: 'long_text', title: 'Request', text },
        { id: 'status', title: 'Status', text: 'Working on it' },
      ],
    }),

  'Notion page, exported as Markdown': (text) => `# Request 118

Created: May 27, 2025 3:12 PM
Created by: Joana Reis
Status: Inbox
Tags: assistant

${text}`,

  'Typeform webhook, question and answer': (text) =>
    `{"event_id":"01JV8","event_type":"form_response","form_response":{"form_id":"lT4Z3j","submitted_at":"2025-05-15T06:51:20Z","definition":{"title":"Ask the desk"},"answers":[{"type":"email","email":"k@x.example","field":{"type":"email"}},{"type":"text","text":"${inJson(text)}","field":{"type":"long_text"}}]}}`,

  'Databricks notebook, last cell': (text) => `# Databricks notebook source
import pyspark.sql.functions as F

# COMMAND ----------

df = spark.table("sales.daily")
display(df.limit(5))

# COMMAND ----------

${prefixed('# ', text)}`,

  'GitHub Copilot for issues, comment in HTML': (text) => `<!-- issue-comment-id: 2871443310 -->
<p dir="auto"><a class="user-mention notranslate" href="https://github.example/assistant">@assistant</a> ${text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\r?\n/g, '<br>')}</p>
<!-- /issue-comment -->`,

  'Intercom conversation, plain summary': (text) => `Conversation #215470062
Started by: Tomasz (visitor) from Kraków, Poland
Page: https://shop.example/pricing
Assigned to: AI agent

Tomasz, 10:31
${text}`,

  'Freshservice, French agent mail': (text) => `Bonjour,

Un nouveau ticket vous a été attribué.

Numéro : INC-3091
Demandeur : Solène Garrec
Priorité : Faible
Source : Portail

Description :
${text}

Pour consulter le ticket : https://it.example/a/tickets/3091`,

  'voice mail, transcribed': (text) => `New voicemail in mailbox 204
From: +49 441 5550 18
Received: Tuesday, 11 March 2025 at 07:52
Length: 0:21
Transcript (confidence 0.93):

${text}`,

  'Apple Shortcuts, share sheet': (text) => `Shortcut input:
Type: Text
From: Notes
Date: 21. Mai 2025 um 18:02
---
${text}
---`,
}

/** Lines joined with blanks, as programs do that know only one line. */
const oneLine = (text: string): string => text.trim().replace(/\s*\r?\n\s*/g, ' ')

/** HTML-escaped, line breaks as <br>. */
const broken = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r?\n/g, '<br>')

/** As it stands inside a JSON string, without the outer quotes. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** More exports of chats, tickets and forms, written after those of `integrations.ts` were handled, and measured once. */
export const INTEGRATIONS_AFTER: Readonly<Record<string, (text: string) => string>> = {
  'GitHub issue from a form, sent by a workflow': (text) => `Repository: acme/weather-desk
Issue: #318 (opened by @lindau, author association: CONTRIBUTOR)
Labels: question, triage
Url: https://github.example/acme/weather-desk/issues/318

### Prior search

- [X] I have searched the existing issues

### Your request

${text}

### Version

2.14.0`,

  'GitLab notification mail': (text) => `Reply above this line to add a comment.

Marta Solé created an issue: #77

Issue #77: Request for the assistant
Project: platform/assistant
Due date: Jun 30, 2025
Assignees: Assistant Bot

${text}

--
View it on GitLab: https://gitlab.example/platform/assistant/-/issues/77
You're receiving this email because you have been assigned on gitlab.example.`,

  'Freshdesk ticket, conversation entries': (text) => `[#FD-20931] Ask the assistant
Status: Open   Priority: Low   Source: Portal   Agent: Assistant
Contact: Yusuf Demir <yusuf.demir@example.com>
Created on: 2025-02-03T08:40:12Z

--- Conversation ---
[2025-02-03T08:40:12Z] Yusuf Demir (contact):
${text}

[2025-02-03T08:40:13Z] System (note):
Ticket assigned by rule "round robin".`,

  'Salesforce case, e-mail to case': (text) => `Case Number: 00041927
Case Owner: Einstein Queue
Account Name: Halvorsen Shipping AS
Contact Name: Ingrid Halvorsen
Contact Email: ingrid@halvorsen.example
Case Origin: Web
Status: New
Date/Time Opened: 12.03.2025 14:55
Subject: Question from the portal
Description:
${text}

ref:!00D50000.!5005000012:ref`,

  'HubSpot form submission, alert mail': (text) => `You have a new submission on the form "Ask us anything"

Page submitted on: https://www.greenleaf.example/contact
First name: Oluwaseun
Last name: Adeyemi
Email: o.adeyemi@example.ng
What can we help you with?: ${oneLine(text)}
Lifecycle stage: Lead
Submitted at: Tuesday, April 8, 2025 9:14 AM GMT+1

View contact in HubSpot | Manage notifications`,

  'Typeform webhook': (text) =>
    `{"event_id":"01JR9Z8W5H","event_type":"form_response","form_response":{"form_id":"lT4Z3j","token":"a3a12ec67a1365927098a606107fac15","landed_at":"2025-04-08T18:01:22Z","submitted_at":"2025-04-08T18:03:05Z","answers":[{"type":"email","email":"lena@example.de","field":{"id":"JwWggjAKtOkA","type":"email"}},{"type":"text","text":"${inJson(text)}","field":{"id":"DlXFaesGBpoF","type":"long_text"}}]}}`,

  'Twilio SMS, decoded form': (text) => `ToCountry=US
SmsMessageSid=SM9f1c2f0be4a14b6e8a4c5d5ab0e3c7a1
NumMedia=0
FromCity=SEATTLE
SmsStatus=received
From=+12065550143
To=+12065550100
Body=${oneLine(text)}
AccountSid=AC5ef8732a3c49700934481addd5ce1659
ApiVersion=2010-04-01`,

  'Mattermost slash command, fields': (text) => `channel_name: town-square
command: /assistant
response_url: https://chat.example/hooks/commands/xr3j5x3p4pfk7qkb6br9zq91hh
team_domain: ops
token: xr3j5x3p4pfk7qkb6br9zq91hh
trigger_id: bzhqnx3ec3bf9fspgsx3mopzoo
user_id: c3a4cqe3dfy6dgopqt8ai3hydh
user_name: jhalvard
text: ${oneLine(text)}`,

  'LINE chat export, Japanese': (text) => `[LINE] サポートボットとのトーク履歴
保存日時：2025/05/12 18:20

2025/05/12(月)
18:14	田中 美咲	こんにちは
18:14	サポートボット	こんにちは！ご用件をどうぞ。
18:16	田中 美咲	${text}`,

  'KakaoTalk export, Korean': (text) => `상담봇 님과 카카오톡 대화
저장한 날짜 : 2025-07-03 21:08:44

--------------- 2025년 7월 3일 목요일 ---------------
[박지훈] [오후 9:05] 안녕하세요
[상담봇] [오후 9:05] 안녕하세요, 무엇을 도와드릴까요?
[박지훈] [오후 9:07] ${text}`,

  'WeChat forwarded records, Chinese': (text) => `—————  2025-03-18  —————

王磊  10:22
在吗

小助手  10:22
在的，请问有什么可以帮您？

王磊  10:24
${text}`,

  'Signal log with attachments': (text) => `Conversation: Noor <-> Desk Assistant (disappearing messages: off)

From: Noor (+31 6 12345678)
Type: incoming
Sent: Wed, 12 Mar 2025 11:02:19 +0100
Received: Wed, 12 Mar 2025 11:02:20 +0100

${text}`,

  'Trello card, exported by a power-up': (
    text,
  ) => `Card: Ask the assistant (https://trello.example/c/8fK2mQxZ)
Board: Office desk
List: Doing
Members: Aiko Mori, Assistant
Due: 2025-08-20T15:00:00.000Z

Description
-----------
${text}

Activity
--------
Aiko Mori moved this card from To do to Doing (Aug 18 at 9:31 AM)`,

  'Airtable record, automation': (text) => `Record ID: recA1b2C3d4E5f6G7
Table: Requests
Created time: 2025-09-01T06:12:48.000Z
Requester: Camille Faure
Team: Finance
Request: ${text}
Attachments:
Status: Todo`,

  'Exchange mail as HTML with styles': (text) =>
    `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style>p.MsoNormal{margin:0cm;font-size:11.0pt}</style></head><body lang="EN-GB" link="#0563C1"><div class="WordSection1"><p class="MsoNormal">Hi,</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">${broken(text)}</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">Best regards,<br>Tom Ashby<br>Facilities</p></div></body></html>`,

  'Rocket.Chat outgoing webhook': (text) =>
    `{"token":"abc9cZ1","bot":false,"channel_id":"GENERAL","channel_name":"general","message_id":"QmS9FvA4dK2","timestamp":"2025-05-20T12:44:03.771Z","user_id":"nR2qSb7","user_name":"p.okafor","text":"@assistant ${inJson(text)}","siteUrl":"https://chat.example"}`,
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileConversation } from '../../../src/classifier/conversation/conversation.ts'
import { readRuleBook } from '../../../src/config/classifier.ts'
import { RULES_FILE, user } from './specimen.ts'

const { turns: turnsOf } = compileConversation(readRuleBook(RULES_FILE))
const readOf = (text: string) => [...turnsOf([user(text)])][0]?.text

const ASK = 'Who painted the Mona Lisa?'

const shapes: Readonly<Record<string, string>> = {
  'a reply above the mail it quotes': `${ASK}\n\nOn Mon, Nov 16, 2026 at 9:12 AM Bob <bob@x.org> wrote:\n> Solve this integral, please.\n> Best, Bob`,
  'a French reply': `${ASK}\n\nLe lun. 16 nov. 2026 à 09:12, Anne a écrit :\n> Peux-tu corriger ce texte ?`,
  'a forwarded mail': `${ASK}\n\n---------- Forwarded message ---------\nFrom: Ann\nSubject: lunch\n\nShall we have lunch?`,
  'an original message': `${ASK}\n\n-----Original Message-----\nFrom: Ann\n\nLooks good to me.`,
  'a signature': `${ASK}\n-- \nJane Smith\nHead of Sales`,
  'a shell call of a coding agent': `<bash-input>git status</bash-input>\n<bash-stdout>On branch main</bash-stdout><bash-stderr></bash-stderr>\n${ASK}`,
  'a selection in an editor': `<ide_selection>The user selected lines 10 to 20:\nconst x = 1</ide_selection>\n${ASK}`,
  'a request among metadata': `<USER_REQUEST>\n${ASK}\n</USER_REQUEST>\n<ADDITIONAL_METADATA>\nActive Document: a.ts\n</ADDITIONAL_METADATA>`,
  'a request under instructions': `### Task:\nRespond to the user query.\n\n<context>\nThe cat sat.\n</context>\n\n<user_query>\n${ASK}\n</user_query>`,
  ChatML: `<|im_start|>system\nYou are a poet.<|im_end|>\n<|im_start|>user\n${ASK}<|im_end|>\n<|im_start|>assistant\n`,
  'a Llama prompt': `[INST] <<SYS>>\nYou are a poet.\n<</SYS>>\n\n${ASK} [/INST]`,
  'an instruction template': `Below is an instruction.\n\n### Instruction:\n${ASK}\n\n### Response:`,
  'an agent that thinks aloud': `Use the following format:\n\nQuestion: the question\nThought: think\n\nBegin!\n\nQuestion: ${ASK}\nThought:`,
  'a list of messages': JSON.stringify({
    messages: [user('Write a poem'), { role: 'assistant', content: 'Roses' }, user(ASK)],
  }),
  'an envelope in an envelope': JSON.stringify({ data: { message: { text: ASK } }, id: 3 }),
  'an envelope in a fence': `\`\`\`json\n${JSON.stringify({ question: ASK })}\n\`\`\``,
  'files added to a chat': `I have *added these files to the chat* so you can edit them.\n\nsrc/a.py\n\`\`\`\ndef f(): pass\n\`\`\`\n\n${ASK}`,
  'a fence that names a path': `\`\`\`src/cart.ts (1-3)\nconst x = 1\n\`\`\`\n${ASK}`,
  'goals of an agent': JSON.stringify({ role: 'user', goals: [ASK], constraints: ['be brief'] }),
  'a task in Markdown': `# Task\n\n${ASK}\n\n## Output format\n\nPlain text.`,
  'slots in English': `Use the context.\n\nContext:\nThe shop opens at nine.\n\nQuestion: ${ASK}\nAnswer:`,
  'slots in another order': `Question: ${ASK}\n\nContext:\nThe shop opens at nine.\n\nAnswer: `,
  'slots in Chinese': `请回答。\n\n上下文：\n商店九点开门。\n\n问题：${ASK}\n\n回答：`,
  'sources to answer from': `Sources:\n1. The pier is 200 m long.\n2. Boats leave hourly.\n\nUser question: ${ASK}\n\nAnswer using the sources above and cite them like [1].`,
  'a flattened conversation': `Human: Hello\nAI: Hello!\nHuman: ${ASK}\nAI:`,
  'a ticket': `Ticket #4821\nCustomer: Anna\nPriority: normal\n\nMessage:\n${ASK}`,
  'a mail with its head': `From: anna@example.org\nTo: help@example.org\nSubject: Hm\n\n${ASK}`,
  'a mail with signature and small print': `Hi Bob,\n\n${ASK}\n\nKind regards,\nDr. Jane Smith\nT +49 30 12345\nThis e-mail is confidential. Delete it.`,
  'a reply below a quote': `> When do we meet?\n> Best, Bob\n\n${ASK}`,
  'a Slack log': `[9:41 AM] bob: @trivium ${ASK}`,
  'a Discord log': `**anna** — Today at 12:03\n${ASK}`,
  'a name and a time': `User (12:03): ${ASK}`,
  'a mention': `<@U02AB34CD> ${ASK}`,
  'a voice assistant': `Hey Siri, ${ASK}`,
  'a message in a tag': `<message from="bob">${ASK}</message>`,
  'a note with front matter': `---\ntitle: Inbox\ntags: [a, b]\n---\n\n${ASK}`,
  'fields of any name': `Requested by: j.doe\nUrgency: low\nBuilding: C4\n\n${ASK}`,
  'the last of fields of any name': `Submitted via: portal\nUrgency: low\nYour request: ${ASK}`,
  'a title above fields': `[PROJ-12] New request\nReporter: j.doe\nAssignee: nobody\nDescription:\n${ASK}`,
  'a remark in brackets': `[web | plan=free | tz=UTC+1]\n${ASK}`,
  'a remark before the first word': `[web-chat #5512] ${ASK}`,
  'remarks below': `${ASK}\n\n[cwd: /home/dev/shop]\n[branch: main]`,
  'a footer in pieces': `${ASK}\n\n---\nWorkspace: shop · Model: auto · Mode: chat`,
  'a value of several lines in YAML': `id: c-99\nsource: kiosk\nsaid: |\n  ${ASK}`,
  'a value of several lines in TOML': `id = 7\nsaid = """\n${ASK}\n"""`,
  'a message that came at a time': `SMS from +44 7700 900123 at 09:41:\n${ASK}`,
  'a transcript with stamps': `Ana Ruiz  0:03\nGood morning.\n\nLee Park  0:07\n${ASK}`,
  'a log of a call': `[00:00:01] AGENT: How may I help?\n[00:00:06] CALLER: ${ASK}`,
  'a log that ends with the bot': `Me: hi\nBot: Hello!\nMe: ${ASK}\nBot:`,
  'what the person says below sources': `Passages:\n(0.8) Closed on Sundays.\n\n---\n\nUser: ${ASK}`,
  'fences of signs': `===== BEGIN USER INPUT =====\n${ASK}\n===== END USER INPUT =====`,
  'a mail in HTML': `<html><body><p>Hello,</p><p>${ASK}</p><p>Kind regards<br>Ana</p></body></html>`,
  'a table of a form': `<table><tr><td>Name</td><td>Ada</td></tr><tr><td>Message</td><td>${ASK}</td></tr></table>`,
  'an envelope of XML': `<?xml version="1.0"?>\n<call id="7"><who>ab1</who><said>${ASK}</said></call>`,
  'an envelope of XML with CDATA': `<request><id>7</id><prompt><![CDATA[${ASK}]]></prompt></request>`,
  'values of XML without a root': `<id>7</id>\n<text lang="en">${ASK}</text>`,
  'a row of CSV': `id,channel,text\n881,web,"${ASK}"`,
  'a row of CSV with semicolons': `text;who\n${ASK};"Ann ""A"" Lee"`,
  'words with a font': `<span style="font-family:Calibri,sans-serif;font-size:12px">${ASK}</span>`,
  'tags in another case': `<workspace_layout>\na.py\n</workspace_layout>\n<USER_MESSAGE>\n${ASK}\n</USER_MESSAGE>`,
  'a letter with a long closing': `Dear Assistant,\n\n${ASK}\n\nMany thanks and have a lovely day!\nGeorge`,
  'a demand for JSON below': `${ASK}\n\nAnswer in JSON with the keys "answer" and "confidence".`,
  'a demand right below': `${ASK}\nReturn only valid JSON, no Markdown.`,
  'demands in French': `${ASK}\n\nRéponds en français, en 100 mots maximum.`,
  'demands in Chinese': `${ASK}\n\n请用中文回答，不超过200字。`,
  'who answers, above': `You are an expert assistant. Be concise. Do not use emojis.\n\n${ASK}`,
  'who answers, in Korean': `당신은 친절한 도우미입니다. 답변은 짧게 해 주세요.\n\n사용자: ${ASK}`,
  'a message in fences below a demand': `Respond to the message delimited by triple backticks.\n\n\`\`\`\n${ASK}\n\`\`\``,
  'quotes below a name': `User input:\n"""\n${ASK}\n"""`,
  'what is new below a summary': `Summary of the conversation so far: greetings.\n\nNew message from the user:\n${ASK}`,
  'fields of DSPy': `[[ ## context ## ]]\n[1] «It closed.»\n\n[[ ## question ## ]]\n${ASK}\n\nRespond with the corresponding output fields.`,
  'messages in tags': `<message role="system">Be kind.</message>\n<message role="user">${ASK}</message>`,
  'a bare list of messages': JSON.stringify([{ role: 'user', content: [{ type: 'input_text', text: ASK }] }]),
  'slots of a voice assistant': JSON.stringify({ intent: { slots: { query: { value: ASK } } } }),
  'what a tool gave back above': `{"tool":"weather","result":{"temp":9}}\n\n${ASK}`,
  'a speaker and who is spoken to': `user_proxy (to assistant):\n\n${ASK}\n\n--------`,
  'a name, a comma and a time': `Ines Costa, 5:01 PM\n${ASK}`,
  'a ticket without names of fields': `Request (48213)\n\nInes Costa (Customer)\nNov 22, 2026, 17:00 GMT\n\n${ASK}`,
  'fields below the words': `From: +351 900 000\nText: ${ASK}\nMedia: none`,
  'fields in a list': `- Role: helper\n- Format: plain text\n- Task: ${ASK}`,
  'pairs in a line': `Today's date: 2026-11-22. User location: Lisbon, Portugal.\n\n${ASK}`,
  'a German mail that was answered': `${ASK}\n\nVon: Ann <ann@x.org>\nGesendet: Sonntag\nAn: Tim\n\nDanke.`,
  'an empty slot for what to do': `Step 3\nGoal: ${ASK}\nPrevious actions: none\nNext action:`,
  'a task of a coding agent, with notes beside it': `<task>\n${ASK}\n</task>\n\n# Mode\nACT\n\n<environment_details>\n# Tabs\na.ts\n</environment_details>`,
  'what a coding agent demands below': `${ASK}\n\n# *SEARCH/REPLACE block* Rules:\n\nEvery block must use this format.`,
  'a conversational agent': `TOOLS\n------\n> search\n\nUSER'S INPUT\n------\nHere is the input (respond with a markdown code snippet of a json blob with a single action, and NOTHING else):\n\n${ASK}`,
  'a task from a manager': `You have been submitted this task by your manager.\n---\nTask:\n${ASK}\n---\nYou're helping your manager solve a wider task.`,
  'a Chinese prompt with sources': `使用标记中的内容作为参考。\n\n问题:"""${ASK}"""`,
  'an item of a workflow': JSON.stringify([{ headers: { host: 'a' }, body: { chatInput: ASK } }], null, 2),
  'a mail in an envelope': JSON.stringify({ event: 'mail', body: `${ASK}\n\nKind regards,\nAna` }),
  'an XML request with a demand below': `<request>\n  <id>8f1d7c02-5b0e-4c39-9a77</id>\n  <message>${ASK}</message>\n</request>\n\nCall the tool \`final_result\` to respond; plain text responses are not permitted.`,
  'a mail in HTML with a head': `<html><head><meta charset="utf-8"><style>p{margin:0}</style></head><body><p>${ASK}</p></body></html>`,
  'a mail forwarded to be read': `Labels: INBOX\n\n---------- Forwarded message ---------\nDe : Élodie <e@x.fr>\nDate: mar. 3 juin\n\n${ASK}\n\nLe mar. 3 juin 2025 à 17:30, Ana <a@x.fr> a écrit :\n> Bonjour`,
  'a form with a field of its own': `Da: Giulia\nOggetto: Modulo\n\nTelefono: 0432\nAccetto la privacy policy: 1\n\nCorpo del messaggio:\n${ASK}`,
  'a mail of a firm': `Von: Sabine <s@x.de>\nGesendet: Donnerstag\nBetreff: Frage\nWichtigkeit: Normal\n\n[EXTERN] Diese E-Mail stammt von außerhalb.\n\nHallo,\n\n${ASK}\n\nMit freundlichen Grüßen\ni. A. Sabine Kröger\n\nTel. +49 5151 5550-12 · Amtsgericht Hannover HRB 000000 · GF: Dieter Kröger`,
  'a note below two dashes': `${ASK}\n\n——\nИстория диалога: пусто.`,
  'a ticket exported whole': `##- Please type your reply above this line -##\n\nRequester: Owen Blythe <owen@x.org>\nCreated: 2025-02-11 07:33:19 UTC\n\n----------------\nOwen Blythe, Feb 11, 2025, 07:33 GMT\n\n${ASK}\n----------------\n\nAttachment(s): none`,
  'an issue in wiki markup': `Rule "AI triage" fired for PLAT-2271\n\n*Project:* Platform\n*Summary:* Request from the intake portal\n*Reporter:* [~accountid:5f3c1e0a] (Nkechi Obi)\n*Assignee:* Assistant\n*Due:* []\n\nh3. Description\n\n{quote}\n${ASK}\n{quote}\n\nh3. Comments (0)\n_There are none._`,
  'pairs of names and values': `number=RITM0093417\nopened_at=2025-10-27 06:58:03\nstate=Open\nshort_description=Ask the AI desk now\ndescription=${ASK}\nclose_notes=`,
  'a form whose fields are questions': `New Form Response\n\nResponse ID: ACYDBNi7Q0xw3kPZ\nCreated: 2025-04-02T15:19:48Z\nEmail: h@x.se\nHow did you hear about us: A friend\nWhat would you like to know: ${ASK}\nMay we contact you: Yes`,
  'a card with an underlined heading': `Card: Office (https://x.org/c/8f)\nBoard: Desk\nMembers: Aiko Mori\nDue: 2025-08-20T15:00:00Z\n\nDescription\n-----------\n${ASK}\n\nActivity\n--------\nAiko Mori moved this card`,
  'a mention in a thread': `Channel: <#C05QK2M8T1A|team> · Thread: 17 · Workspace: x\nThread so far:\n[09:44] <@U03BLA77K> (Dana): hello\n\nNew message from <@U03BLA77K> (Dana):\n<@U07ASSIST01> ${ASK}`,
  'a log of a messenger': `Support by WhatsApp · session 7d2a · open\n\n[22/07/2025 08:15:02] Juliana: Hi\n[22/07/2025 08:15:04] Assistant of the shop: Hello!\n[22/07/2025 08:16:40] Juliana: ${ASK}\n[22/07/2025 08:16:40] \u200eStatus: delivered`,
  'the newest part by a user': `<thread><part author_type="bot">Hello</part><part author_type="user"><p>${ASK}</p></part></thread>`,
  'a message of Teams': JSON.stringify({
    from: { name: 'Katharina' },
    attachments: [
      {
        content: `<div><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">Bot</span>&nbsp;${ASK}</div>`,
      },
    ],
  }),
  'the answers of a form in JSON': JSON.stringify({
    form: {
      answers: [
        { type: 'email', email: 'a@x.org' },
        { type: 'text', text: ASK },
      ],
    },
  }),
  'a mail of Outlook in HTML': `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{margin:0}</style></head><body lang="EN-GB" link="#0563C1"><div class="WordSection1"><p class="MsoNormal">${ASK}</p></div></body></html>`,
  'a LINE chat exported whole': `[LINE] サポートボットとのトーク履歴\n保存日時：2025/05/12 18:20\n\n2025/05/12(月)\n18:14\t田中 美咲\tこんにちは\n18:14\tサポートボット\tご用件をどうぞ。\n18:16\t田中 美咲\t${ASK}`,
  'a WhatsApp chat exported from Android': `4/6/25, 9:58 - Messages and calls are end-to-end encrypted.\n4/6/25, 9:58 - Tomoki: Hi\n4/6/25, 9:58 - Kettle Assistant: Hello!\n4/6/25, 10:02 - Tomoki: ${ASK}`,
  'a Discord log between rules': `========\nGuild: Hall\nChannel: ask\n========\n\n[05/09/2025 8:22 PM] marlowe\nhey\n\n[05/09/2025 8:22 PM] AskBot\nHello!\n\n[05/09/2025 8:24 PM] marlowe\n${ASK}\n\n========\nExported 3 message(s)\n========`,
  'a chat with a page': `Conversation with Zanele Dube\nPage: Kettle\nStarted: May 3, 2025 at 4:41 PM\n\nZanele Dube: hey\nKettle Assistant: Hi!\nZanele Dube: ${ASK}`,
  'the last cell of a notebook': `# Databricks notebook source\nimport os\n\n# COMMAND ----------\n\n# ${ASK}`,
  'the active cell of a notebook': `The notebook has 2 cells.\n\n%% [code] In [1]:\nx = 1\n\n%% [code] In [ ]:   <- active cell\n# @ai\n# ${ASK}`,
  'a notice of GitLab': `Reply above this line to add a comment.\n\nMarta created an issue: #77\n\nIssue #77: Request\nProject: a/b\nDue date: Jun 30, 2025\nAssignees: Bot\n\n${ASK}\n\n--\nView it on GitLab: https://x.org/77`,
  'a case with its reference below': `Case Number: 27\nCase Owner: Queue\nStatus: New\nDescription:\n${ASK}\n\nref:!00D50000.!5005000012:ref`,
  'a French notice of a ticket': `Bonjour,\n\nUn nouveau ticket vous a été attribué.\n\nNuméro : INC-3091\nDemandeur : Solène Garrec\nPriorité : Faible\nSource : Portail\n\nDescription :\n${ASK}\n\nPour consulter le ticket : https://x.org/3091`,
  'a message in bold lines': `*New message in space "Lab 3"*\n*From:* Benedikt Vogt <b@lab.example>\n*Sent:* 2025-10-02 15:47 CEST\n*Thread:* spaces/AAAA\n\n${ASK}\n\n_Reply in thread to answer._`,
  'a voice mail': `New voicemail in mailbox 204\nFrom: +49 441 5550 18\nReceived: Tuesday, 11 March 2025 at 07:52\nLength: 0:21\nTranscript (confidence 0.93):\n\n${ASK}`,
  'a ticket between rules': `Your ticket has been created.\n\n-----\nCustomer: Elin Berg\nTeam: First line\nStage: New\n-----\n${ASK}\n-----\nSent by Fjord AB`,
  'a list of columns in JSON': JSON.stringify({
    item: 'Incoming',
    columns: [
      { title: 'Owner', text: 'Assistant' },
      { title: 'Request', text: ASK },
    ],
  }),
  'a comment in HTML': `<!-- id: 28 -->\n<p dir="auto"><a class="user-mention" href="https://x.org/a">@a</a> ${ASK}</p>\n<!-- /comment -->`,
  'a caveat of a coding agent': `Caveat: The messages below were generated by the user while running local commands.\n${ASK}`,
}

for (const [name, text] of Object.entries(shapes)) {
  test(`the person's words are read from ${name}`, () => {
    assert.equal(readOf(text), ASK)
  })
}

const typings: Readonly<Record<string, (text: string) => string>> = {
  'line ends of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'blanks at line ends': (text) => text.replaceAll('\n', '  \n'),
  'a byte order mark': (text) => `\ufeff${text}`,
  'empty lines around it': (text) => `\n\n${text}\n\n`,
}

for (const [typing, typed] of Object.entries(typings)) {
  test(`the person's words are read from all of these with ${typing}`, () => {
    for (const [name, text] of Object.entries(shapes)) assert.equal(readOf(typed(text)), ASK, name)
  })
}

test('blanks that do not break are blanks to scaffolding, and stay in the words', () => {
  const ticket = `Case Number: 27\nStatus: New\nDescription:\n${ASK}\n\nref:!00D50000.!5005000012:ref`
  assert.equal(readOf(ticket.replaceAll(' ', '\u00a0')), ASK)
  assert.equal(readOf('Qui a peint la Joconde\u00a0?'), 'Qui a peint la Joconde\u00a0?')
})

const own: Readonly<Record<string, string>> = {
  'an ask above a chat': `Sum this up in two lines\n\n4/6/25, 9:58 - Ana: Hi\n4/6/25, 9:58 - Shop Bot: Hello!\n4/6/25, 10:02 - Ana: Are you open?`,
  'a chat between people': `09:58\tAna\tHi\n09:58\tTomoki\tHello!\n10:02\tAna\tAre you open?`,
  'a dialogue that is asked about': `Dialogue:\nMira: He came.\nDad: And?\nMira: He only does boilers.\nWhat is the joke here?`,
  'a program whose last comment has code below': `# %%\nx = 1\n# %%\n# why is this slow?\nfor i in range(9): print(i)`,
  'a program below an ask': `Explain this notebook\n# %%\n# load the data\n# %%\n# plot it`,
  'a tag a person writes about':
    'Why does my browser not render <query>capital of France</query> in the HTML?',
  'a task in tags beside its text': '<task>\nName the poet.\n</task>\n\nThe woods are lovely, dark and deep.',
  'fields below an ask': 'How do I answer this?\n\nProblem: it is rude.\nName: Bob\nTone: sharp',
  'a tag in a text to translate':
    'Translate this XML to French:\n<question>Find the integral of x^2</question>',
  'a quoted command without a mail around it': 'Why does this fail?\n> npm install\n> ERR 404',
  'a question about a text':
    'Context: the harbour was quiet that morning.\nQuestion: who came late?\nAnswer in one word.',
  'a question about the text below it': `Question: who came late?\n\nContext: ${'The harbour was quiet that morning, and nobody was late. '.repeat(4)}\n\nAnswer:`,
  'rows of CSV to look at': 'id,text\n1,"late again"\n2,"never came"',
  'a row of CSV that is no envelope': 'year,rain\n1999,12',
  'a row of CSV whose quote is not closed': 'id,text\n"late again',
  'a row of CSV with a stray quote': 'id,text\n1,"late" again',
  'Markdown of a person': '# Task\nWrite a parser.\n## Error handling\nIt must not throw.',
  'a dialogue to sum up': 'Summarise this:\nUser: Hi\nAssistant: Hello, how can I help?',
  'a letter with the ask below it':
    'Your dog barks.\nKind regards,\nJane\n\nCan you make this letter friendlier, please? It is meant for my neighbour.',
  'a question that begins like a greeting': 'Hier herrscht mediterranes Klima:\nA. Kreta B. Zypern',
  'pasted code under its language': 'Why does it crash?\n```ts\nconst x = null\nx.y\n```',
  'a clock in an ask': 'The train leaves at 12:03 and arrives at 14:10: how long does it take?',
  'numbers above an ask': '[3, 1, 2]\nSort this list.',
  'one field above an ask': 'Premise: all cats are grey.\nDoes it follow that some are?',
  'a plan with times': 'Train A leaves at 9:15.\nTrain B leaves at 10:30.\nWhen do they meet?',
  'a log below an ask': 'Summarise this chat.\n\nCustomer: It broke.\nAgent: How?\nCustomer: It fell.',
  'a component that is asked about': '<my-list>\n<li>a</li>\n</my-list>\nrenders nothing, why?',
  'a page whose tags say more than its words': '<div class="a b c d" onclick="go()" data-id="12">Go</div>',
  'a persona with its task': 'You are a poet. Write about autumn.\n\nRain on the tin roof.',
  'a task on a text below it': 'Answer the question using the following passage.\n\nThe harbour was quiet.',
  'an ask that is said in a demand': 'The harbour was quiet.\n\nAnswer in one word: was it loud?',
  'a text between rules': 'Correct this text.\n---\nHe go home.\n---',
  'a tool result that is asked about': '{"a": 1}\n\nHow do I read this in Python?',
  'code with an empty list':
    'Rewrite this code\n\nmy_list = [1, 2]\nnew_list = []\nother = []\nfor num in my_list:\n    new_list.append(num)',
  'an exercise with links':
    'Solve this in Python:\n\nWrite an [API][rest].\n\nName: x\nState: open\n\n[rest]: https://x.org/rest\n[iou]: https://x.org/iou',
  'a mail below an ask':
    'Tell me if this mail is honest.\nSubject: Your account\nFrom: Bank <alerts@x.org>\nTo: Ann Lee <ann@x.org>\nDate: today\n\nClick here.',
  'a log of a program below an ask':
    'Why does this fail?\nstate=failed\ntime=2025-01-01 10:00:00\nhost=a1\nuser=root',
  'nothing but background': '<context>Please fix the off by one error in this code</context>',
  'nothing but a quoted mail': 'On Mon, Nov 16, 2026 Bob wrote:\n> Who painted the Mona Lisa?',
}

for (const [name, text] of Object.entries(own)) {
  test(`${name} is left unchanged`, () => {
    assert.equal(readOf(text), text)
  })
}

test('an instruction and its object are read from separate fields', () => {
  const text = readOf(
    JSON.stringify({ prompt: 'Solve 3x + 4 = 19', task: 'translate the prompt into German' }),
  )
  assert.equal(text, 'Solve 3x + 4 = 19\ntranslate the prompt into German')
})

const byPrograms = [
  'OBSERVATION:\nTraceback (most recent call last): ValueError',
  'EXECUTION RESULT of [run]:\nexit code 1',
  "[read_file for 'docs/a.md'] Result:\n# Title",
  'Command run_tests returned: 3 passed',
  '# Fix any errors below, if possible.\nTypeError: x is undefined',
  '{"status":"ok","exit_code":0}',
  '<tool_response>4</tool_response>',
  'This session is being continued from a previous conversation that ran out of context.',
]

for (const text of byPrograms) {
  test(`"${text.split('\n')[0]}" continues the ask before it`, () => {
    const messages = [user(ASK), { role: 'assistant', content: 'Let me look.' }, user(text)]
    const first = [...turnsOf(messages)].find(({ tie }) => tie !== 'close')
    assert.equal(first?.text, ASK)
  })
}

test('only the ends of 20 MB of tags are examined', () => {
  const before = performance.now()
  readOf(`${'</a>'.repeat(5_000_000)}${ASK}`)
  readOf(`${'<system-reminder>x</system-reminder>'.repeat(600_000)}${ASK}`)
  // A limit to catch hangs, two hundred times the usual duration.
  assert.ok(performance.now() - before < 2_000)
})

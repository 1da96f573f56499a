type Wrap = (text: string) => string

const fence = '```'

/** How programs wrap what a person typed, modelled on their public behaviour. */
export const WRAPPERS: Readonly<Record<string, Wrap>> = {
  'reminder after': (text) =>
    `${text}\n\n<system-reminder>\nThe task list is empty. Do not mention this to the user.\n</system-reminder>`,
  'reminder before': (text) =>
    `<system-reminder>\nAs you answer, you can use this context:\n# claudeMd\nRun npm test before every commit. Prefer functions to classes.\n</system-reminder>\n\n${text}`,
  'environment details': (text) =>
    `<task>\n${text}\n</task>\n\n<environment_details>\n# VSCode Visible Files\nsrc/index.ts\n# Current Time\n11/22/2026, 5:02:11 AM (UTC)\n# Current Working Directory (/home/dev/shop) Files\npackage.json\nsrc/\n</environment_details>`,
  'user query': (text) =>
    `<additional_data>\nBelow are some potentially helpful pieces of information.\n<current_file>\nPath: src/cart.ts\nLine: 41\n</current_file>\n</additional_data>\n\n<user_query>\n${text}\n</user_query>`,
  'user info first': (text) =>
    `<user_info>\nOS Version: linux 6.8\nShell: bash\nWorkspace Path: /home/dev/shop\n</user_info>\n<user_query>\n${text}\n</user_query>`,
  'environment context': (text) =>
    `<environment_context>\n  <cwd>/home/dev/shop</cwd>\n  <approval_policy>on-request</approval_policy>\n  <shell>zsh</shell>\n</environment_context>\n\n${text}`,
  'user instructions': (text) =>
    `<user_instructions>\nAlways answer in short sentences. Use TypeScript.\n</user_instructions>\n\n${text}`,
  'attached files': (text) =>
    `<attached_files>\n<code_selection path="src/cart.ts" lines="1-3">\nexport const total = (xs: number[]) => xs.reduce((a, b) => a + b, 0)\n</code_selection>\n</attached_files>\n<user_query>${text}</user_query>`,
  'context block': (text) =>
    `<context>\nThe knowledge base has 12 documents on refunds and shipping.\n</context>\n\n<question>\n${text}\n</question>`,
  'json question': (text) => JSON.stringify({ question: text, user_id: 'u_1842', locale: 'en-GB' }),
  'json input pretty': (text) =>
    JSON.stringify({ session: { id: 7, started: '2026-11-22' }, input: text, stream: true }, null, 2),
  'yaml envelope': (text) => `user: anna\nchannel: web\nquery: ${JSON.stringify(text)}`,
  'git status': (text) =>
    `<git_status>\nOn branch main\nnothing to commit, working tree clean\n</git_status>\n${text}`,
  'dated system-like header': (text) =>
    `<metadata>\ndate: 2026-11-22\ntimezone: Europe/Paris\n</metadata>\n${text}`,
  'slash command': (text) =>
    `<command-name>/ask</command-name>\n<command-message>ask is running…</command-message>\n<command-args>${text}</command-args>\n\n${text}`,

  // Editors and coding agents
  'feedback to a coding agent': (text) =>
    `[attempt_completion] Result:\n\n<feedback>\n${text}\n</feedback>\n<environment_details>\n# VSCode Open Tabs\na.ts\n</environment_details>`,
  'user message with rules': (text) =>
    `<user_message>\n${text}\n</user_message>\n\n<environment_details>\n# Current Mode\n<slug>code</slug>\n</environment_details>`,
  'request with attachments': (text) =>
    `<attachments>\n<attachment id="file:cart.ts">\nfunction total() { return 1 }\n</attachment>\n</attachments>\n<context>\nThe current date is November 22, 2026.\n</context>\n<editorContext>\nThe user's current file is cart.ts.\n</editorContext>\n<reminderInstructions>\nAvoid repeating existing code.\n</reminderInstructions>\n<userRequest>\n${text}\n</userRequest>`,
  'request with metadata': (text) =>
    `<USER_REQUEST>\n${text}\n</USER_REQUEST>\n<ADDITIONAL_METADATA>\nActive Document: /src/a.ts (LANGUAGE_TYPESCRIPT)\n</ADDITIONAL_METADATA>`,
  'agents file': (text) =>
    `# AGENTS.md instructions for /home/dev/shop\n\n<INSTRUCTIONS>\nUse pnpm. Run the tests before committing.\n</INSTRUCTIONS>\n\n${text}`,
  'setup of an IDE': (text) =>
    `# Context from my IDE setup:\n\n## Active file: src/a.ts\n\n## Open tabs:\n- a.ts: src/a.ts\n\n## My request for Codex:\n${text}`,
  'files added to a chat': (text) =>
    `I have *added these files to the chat* so you can go ahead and edit them.\n\n*Trust this message as the true contents of these files!*\nAny other messages in the chat may contain outdated versions.\n\nsrc/cart.py\n${fence}\ndef total(rows):\n    return sum(row.price for row in rows)\n${fence}\n\n${text}`,
  'fence with a path': (text) =>
    `${fence}src/cart.ts (10-14)\nexport function total(rows) {\n  return rows.length\n}\n${fence}\n${text}`,
  'fence with language and path': (text) =>
    `${fence}python src/cart.py\ndef total(rows):\n    return len(rows)\n${fence}\n\n${text}`,
  'files in tags': (text) => `<files>\n${fence}rust\nfn main() {}\n${fence}\n</files>\n${text}`,
  'selection in an editor': (text) =>
    `<ide_selection>The user selected the lines 10 to 12 from /src/index.ts:\nconst x = 1\n</ide_selection>\n${text}`,
  'shell call before': (text) =>
    `<bash-input>git status</bash-input>\n<bash-stdout>On branch main</bash-stdout><bash-stderr></bash-stderr>\n${text}`,
  'caveat of a coding agent': (text) =>
    `Caveat: The messages below were generated by the user while running local commands. DO NOT respond to these messages.\n${text}`,

  // Chat templates and frameworks
  ChatML: (text) =>
    `<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`,
  'Llama 2': (text) => `[INST] <<SYS>>\nYou are a helpful assistant.\n<</SYS>>\n\n${text} [/INST]`,
  'Llama 3': (text) =>
    `<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n${text}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n`,
  Gemma: (text) => `<start_of_turn>user\n${text}<end_of_turn>\n<start_of_turn>model\n`,
  Alpaca: (text) =>
    `Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\n${text}\n\n### Response:`,
  Vicuna: (text) =>
    `A chat between a curious user and an artificial intelligence assistant. USER: ${text} ASSISTANT:`,
  'human and AI': (text) =>
    `The following is a friendly conversation between a human and an AI.\n\nCurrent conversation:\nHuman: Hello\nAI: Hello! How can I help?\nHuman: ${text}\nAI:`,
  'user and assistant': (text) => `User: Hi\nAssistant: Hi there.\nUser: ${text}\nAssistant:`,
  'thoughts and actions': (text) =>
    `Answer the following questions as best you can. You have access to the following tools:\n\nsearch: useful for current events\n\nUse the following format:\n\nQuestion: the input question you must answer\nThought: you should always think about what to do\nAction: one of [search]\nFinal Answer: the final answer\n\nBegin!\n\nQuestion: ${text}\nThought:`,
  'crew task': (text) =>
    `\nCurrent Task: ${text}\n\nThis is the expected criteria for your final answer: A good answer\nyou MUST return the actual complete content as the final answer, not a summary.\n\nBegin!\n\nThought:`,
  'goals of an agent': (text) =>
    JSON.stringify({ role: 'user', goals: [text], constraints: ['4000 word limit'], thoughts: {} }),
  'answer as JSON': (text) =>
    `${text}\n\nRespond strictly with JSON in this format: {"thoughts": {"text": "thought", "plan": "- short"}, "command": {"name": "name"}}`,

  // Retrieval
  'context, question, helpful answer': (text) =>
    `Use the following pieces of context to answer the question at the end. If you don't know the answer, just say that you don't know.\n\nThe shop opens at nine. Parcels leave on Tuesdays.\n\nQuestion: ${text}\nHelpful Answer:`,
  'context, query, answer': (text) =>
    `Context information is below.\n---------------------\nThe shop opens at nine. Parcels leave on Tuesdays.\n---------------------\nGiven the context information and not prior knowledge, answer the query.\nQuery: ${text}\nAnswer: `,
  'question, context, answer': (text) =>
    `You answer questions.\n\nQuestion: ${text}\n\nContext:\nThe shop opens at nine. Parcels leave on Tuesdays.\n\nAnswer:`,
  'German retrieval': (text) =>
    `Beantworte die Frage anhand des Kontexts.\n\nKontext:\nDer Laden öffnet um neun.\n\nFrage: ${text}\n\nAntwort:`,
  'French retrieval': (text) =>
    `Utilise le contexte pour répondre à la question.\n\nContexte :\nLe magasin ouvre à neuf heures.\n\nQuestion : ${text}\n\nRéponse :`,
  'Spanish retrieval': (text) =>
    `Responde a la pregunta con el contexto.\n\nContexto:\nLa tienda abre a las nueve.\n\nPregunta: ${text}\nRespuesta:`,
  'Chinese retrieval': (text) =>
    `请根据以下上下文回答用户的问题。\n\n上下文：\n商店九点开门，包裹每周二寄出。\n\n问题：${text}\n\n回答：`,
  'Japanese retrieval': (text) =>
    `次のコンテキストを使って質問に答えてください。\n\nコンテキスト：\n店は九時に開きます。\n\n質問：${text}\n\n回答：`,
  'retrieval in tags': (text) =>
    `### Task:\nRespond to the user query using the provided context, incorporating inline citations in the format [id].\n\n<context>\n<source id="1">The shop opens at nine.</source>\n</context>\n\n<user_query>\n${text}\n</user_query>`,
  'documents before': (text) =>
    `<documents>\n<document index="1">\n<source>faq.md</source>\nThe shop opens at nine.\n</document>\n</documents>\n\n${text}`,

  // Chats, bots and voices
  'Slack mention': (text) => `<@U02AB34CD> ${text}`,
  'Slack log': (text) => `[9:41 AM] bob: @trivium ${text}`,
  'Teams mention': (text) => `<at>Trivium</at> ${text}`,
  'Discord mention': (text) => `<@!184405311681986560> ${text}`,
  'named mention': (text) => `@TriviumBot#1234 ${text}`,
  'Discord log': (text) => `**anna** — Today at 12:03\n${text}`,
  'name and time': (text) => `User (12:03): ${text}`,
  'WhatsApp log': (text) => `[22/11/2026, 12:03:11] Anna Weber: ${text}`,
  'time stamp': (text) => `[2026-11-22T06:39:20Z] ${text}`,
  'bot command': (text) => `/ask ${text}`,
  'voice assistant': (text) => `Hey Siri, ${text}`,
  'voice assistant in Chinese': (text) => `小爱同学，${text}`,
  'voice message': (text) => `[Voice message] ${text}`,

  // Mails, tickets and automations
  'mail above a quote': (text) =>
    `${text}\n\nOn Mon, Nov 16, 2026 at 9:12 AM Bob <bob@x.org> wrote:\n> Could you send me the agenda?\n> Best, Bob`,
  'mail below a quote': (text) => `> Hi, what time is the flight?\n> Regards\n\n${text}`,
  'forwarded mail': (text) =>
    `${text}\n\n---------- Forwarded message ---------\nFrom: Ann <ann@x.org>\nSubject: lunch\n\nShall we have lunch on Friday?`,
  'mail with a signature': (text) =>
    `Hi,\n\n${text}\n\nKind regards,\nDr. Jane Smith\nHead of Sales, ACME GmbH\nT +49 30 1234567\nThis e-mail is confidential. If you are not the intended recipient, please delete it.`,
  'German mail': (text) =>
    `${text}\n\nMit freundlichen Grüßen\nPetra Kurz\nEinkauf\n\nDiese E-Mail enthält vertrauliche Informationen.`,
  'French mail': (text) => `Bonjour,\n\n${text}\n\nCordialement,\nLuc Martin\nEnvoyé de mon iPhone`,
  'Chinese mail': (text) => `您好，\n\n${text}\n\n此致\n敬礼\n王小明`,
  'sent from a phone': (text) => `${text}\n\nSent from my iPhone`,
  'support ticket': (text) =>
    `Ticket #4821\nCustomer: Anna Weber\nPriority: normal\nSubject: Question\n\nMessage:\n${text}`,
  'form of a site': (text) =>
    `New form submission\n\nName: Anna Weber\nEmail: anna@example.org\nMessage: ${text}`,
  'mail with its head': (text) =>
    `From: anna@example.org\nTo: help@example.org\nDate: Mon, 16 Nov 2026\nSubject: Question\n\n${text}`,
  'chat input of a workflow': (text) => JSON.stringify({ chatInput: text, sessionId: '8f1', action: 'send' }),
  'body of a webhook': (text) =>
    JSON.stringify({ event: 'message.created', data: { user: 'u1', message: { type: 'text', text } } }),

  // Envelopes
  'list of messages': (text) =>
    JSON.stringify({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: text },
      ],
    }),
  'JSON in a fence': (text) => `${fence}json\n${JSON.stringify({ question: text })}\n${fence}`,
  'message in a tag': (text) => `<message from="bob" at="12:03">${text}</message>`,
  'user in a tag': (text) => `<user>${text}</user>`,
  'task in Markdown': (text) =>
    `# Task\n\n${text}\n\n## Constraints\n\n- Be concise\n- Use Markdown\n\n## Output format\n\nPlain text.`,
  'request in a report': (text) =>
    `## Request\n${text}\n\n## Context\n- Project: Apollo\n- Owner: Jane\n\n## Output format\nPlain text.`,
  'German Markdown': (text) => `## Aufgabe\n${text}\n\n## Ausgabeformat\nFließtext, höchstens 200 Wörter.`,
  'Chinese Markdown': (text) => `# 任务\n${text}\n\n# 输出格式\n纯文本，不超过200字。`,
  'context behind': (text) =>
    `${text}\n\n(Context: today is 22 November 2026; user locale en-GB; timezone UTC.)`,
  'date before': (text) => `Current date: 2026-11-22\n\n${text}`,
  'step by step': (text) => `${text}\n\nThink step by step.`,
}

type Wrap = (text: string) => string

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
const oneLine = (text: string) => text.replaceAll('\n', ' ')
const quoted = (text: string) => text.replace(/^/gm, '> ')
const indented = (text: string) => text.replace(/^/gm, '    ')

/**
 * What agents, frameworks, apps, mails, tickets and chats put around text, in nine languages; written without
 * looking at the lists. Every second one was used for fixes, the others only for measuring.
 */
export const FRAMEWORKS: Readonly<Record<string, Wrap>> = {
  'answer in json tail': (text) => `${text}\n\nAnswer in JSON with the keys "answer" and "confidence".`,
  'only valid json': (text) => `${text}\nReturn only valid JSON, no Markdown, no commentary.`,
  'cite sources tail': (text) => `${text}\n\nCite your sources as [1], [2] after each claim.`,
  'llamaindex qa': (text) =>
    `Context information is below.\n---------------------\nThe harbour office opens at eight. Moorings are let by the month.\n---------------------\nGiven the context information and not prior knowledge, answer the query.\nQuery: ${text}\nAnswer: `,
  'langchain stuff': (text) =>
    `Use the following pieces of context to answer the question at the end. If you don't know the answer, just say that you don't know, don't try to make up an answer.\n\nThe cafe is run by two sisters. It has nine tables.\n\nQuestion: ${text}\nHelpful Answer:`,
  'langchain react': (text) =>
    `Answer the following questions as best you can. You have access to the following tools:\n\nSearch: looks things up\nCalculator: does sums\n\nUse the following format:\n\nQuestion: the input question\nThought: think about what to do\nAction: one of [Search, Calculator]\nAction Input: the input\nObservation: the result\nFinal Answer: the answer\n\nBegin!\n\nQuestion: ${text}\nThought:`,
  haystack: (text) =>
    `Given the following information, answer the question.\n\nContext:\n  Tickets are sold at the gate.\n  Dogs are welcome.\n\nQuestion: ${text}\nAnswer:`,
  crewai: (text) =>
    `\nCurrent Task: ${text}\n\nThis is the expected criteria for your final answer: A complete answer.\nyou MUST return the actual complete content as the final answer, not a summary.\n\nBegin! This is VERY important to you, use the tools available and give your best Final Answer, your job depends on it!\n\nThought:`,
  'autogen speaker': (text) =>
    `user_proxy (to assistant):\n\n${text}\n\n--------------------------------------------------------------------------------`,
  dspy: (text) =>
    `[[ ## question ## ]]\n${text}\n\nRespond with the corresponding output fields, starting with the field \`[[ ## reasoning ## ]]\`, then \`[[ ## answer ## ]]\`, and then ending with the marker for \`[[ ## completed ## ]]\`.`,
  'dspy context': (text) =>
    `[[ ## context ## ]]\n[1] «The mill was built of brick.»\n[2] «It closed in spring.»\n\n[[ ## question ## ]]\n${text}\n\nRespond with the corresponding output fields.`,
  'semantic kernel': (text) =>
    `<message role="system">You help.</message>\n<message role="user">${escaped(text)}</message>`,
  chatml: (text) =>
    `<|im_start|>system\nYou are kind.<|im_end|>\n<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`,
  'llama inst': (text) => `<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n${text} [/INST]`,
  alpaca: (text) =>
    `Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\n${text}\n\n### Response:\n`,
  vicuna: (text) => `A chat between a curious user and an assistant. USER: ${oneLine(text)} ASSISTANT:`,
  'human assistant': (text) => `\n\nHuman: ${text}\n\nAssistant:`,
  'few shot qa': (text) =>
    `Q: What colour is the sky?\nA: Blue.\n\nQ: How many legs has a spider?\nA: Eight.\n\nQ: ${oneLine(text)}\nA:`,
  'few shot input output': (text) =>
    `Input: good morning\nOutput: a greeting back\n\nInput: see you\nOutput: a farewell\n\nInput: ${oneLine(text)}\nOutput:`,
  'cursor rules': (text) =>
    `<user_info>\nOS: darwin 25\nShell: zsh\nWorkspace: /home/me/app\n</user_info>\n<rules>\nPrefer small functions.\n</rules>\n<user_query>\n${text}\n</user_query>`,
  'copilot context': (text) =>
    `<attachments>\n<attachment id="file:main.go">\nUser's active file: main.go\n</attachment>\n</attachments>\n<context>\nThe current date is 22 November 2026.\n</context>\n<userRequest>\n${text}\n</userRequest>`,
  cline: (text) =>
    `<task>\n${text}\n</task>\n\n<environment_details>\n# VSCode Visible Files\nREADME.md\n\n# Current Time\n22/11/2026, 17:00\n\n# Current Mode\nACT MODE\n</environment_details>`,
  aider: (text) =>
    `I have *added these files to the chat* so you can go ahead and edit them.\n\nnotes.md\n\`\`\`\n# Notes\n\`\`\`\n\n${text}`,
  'memory block': (text) =>
    `## Relevant memories\n- The user lives in Ghent.\n- The user is learning Spanish.\n\n## Message\n${text}`,
  'memory inline': (text) => `[Memory: the user has two cats and likes tea]\n\n${text}`,
  'known about user': (text) =>
    `What we know about the user:\n* name: Ines\n* plan: pro\n* tone: casual\n\nUser message:\n${text}`,
  'tool result then ask': (text) =>
    `<tool_result name="get_time">\n2026-11-22T17:00:00Z\n</tool_result>\n\n${text}`,
  'function result json': (text) => `{"tool":"weather","result":{"temp":9,"sky":"cloudy"}}\n\n${text}`,
  'citations doc xml': (text) =>
    `<documents>\n<document index="1"><source>faq.txt</source><document_content>We ship on weekdays.</document_content></document>\n</documents>\n\n${text}`,
  'search results': (text) =>
    `Search results:\n[1] Opening hours - the shop opens at nine (shop.example)\n[2] Contact - ring the bell (shop.example/contact)\n\nUser question: ${text}`,
  'rag german': (text) =>
    `Beantworte die Frage anhand des folgenden Kontexts. Wenn du es nicht weißt, sage es.\n\nKontext:\nDas Freibad öffnet im Mai.\n\nFrage: ${text}\nAntwort:`,
  'rag french': (text) =>
    `Réponds à la question en t'appuyant uniquement sur les extraits suivants.\n\nExtraits :\n- La salle est fermée le lundi.\n\nQuestion : ${text}\n\nRéponse :`,
  'rag spanish': (text) =>
    `Utiliza el siguiente contexto para responder a la pregunta del usuario.\n\nContexto: La tienda abre a las diez.\n\nPregunta: ${text}\nRespuesta útil:`,
  'rag chinese': (text) =>
    `已知信息：\n图书馆周一闭馆。\n\n根据上述已知信息，简洁和专业地来回答用户的问题。如果无法从中得到答案，请说"根据已知信息无法回答该问题"。\n\n问题是：${text}`,
  'rag japanese': (text) =>
    `以下の文脈を使って質問に答えてください。わからない場合は「わかりません」と答えてください。\n\n文脈：\n店は十時に開きます。\n\n質問：${text}\n回答：`,
  'rag russian': (text) =>
    `Используй следующий контекст, чтобы ответить на вопрос.\n\nКонтекст:\nМузей закрыт по вторникам.\n\nВопрос: ${text}\nОтвет:`,
  'rag korean': (text) =>
    `다음 문맥을 참고하여 질문에 답하세요.\n\n문맥: 가게는 열 시에 엽니다.\n\n질문: ${text}\n답변:`,
  'rag portuguese': (text) =>
    `Com base no contexto abaixo, responda à pergunta.\n\nContexto:\nA loja abre às nove.\n\nPergunta: ${text}\nResposta:`,
  'gmail reply': (text) =>
    `${text}\n\nOn Sun, Nov 22, 2026 at 5:01 PM Support <help@ex.org> wrote:\n> Thanks for getting in touch.\n> What can we do for you?`,
  'outlook french': (text) =>
    `Bonjour,\n\n${text}\n\nCordialement,\nJeanne Moreau\n\n-----Message d'origine-----\nDe : Support\nEnvoyé : dimanche 22 novembre 2026\nÀ : Jeanne\nObjet : votre demande\n\nNous revenons vers vous.`,
  'outlook german': (text) =>
    `Hallo zusammen,\n\n${text}\n\nViele Grüße\nTim\n\nVon: Support <help@ex.org>\nGesendet: Sonntag, 22. November 2026 17:00\nAn: Tim\nBetreff: AW: Anfrage\n\nDanke für die Nachricht.`,
  'mail chinese': (text) => `您好，\n\n${text}\n\n此致\n敬礼\n王小明`,
  'mail japanese': (text) =>
    `お世話になっております。株式会社サンプルの佐藤です。\n\n${text}\n\nどうぞよろしくお願いいたします。\n佐藤`,
  'mail mobile': (text) => `${text}\n\nSent from my iPhone`,
  'mail disclaimer': (text) =>
    `${text}\n\nThis e-mail and any attachments are confidential. If you are not the intended recipient, please delete it.`,
  zendesk: (text) =>
    `##- Please type your reply above this line -##\n\nRequest (48213)\n\nInes Costa (Customer)\nNov 22, 2026, 17:00 GMT\n\n${text}`,
  jira: (text) =>
    `Issue key: WEB-812\nReporter: ines\nPriority: Medium\nSummary: ${oneLine(text).slice(0, 30)}\n\nDescription:\n${text}`,
  'github issue template': (text) =>
    `### What happened?\n\n${text}\n\n### Version\n\n2.4.1\n\n### Code of Conduct\n\n- [x] I agree`,
  'slack mention': (text) => `<@U04ABCD12> ${text}`,
  'slack export': (text) => `ines  [5:01 PM]\n${text}`,
  discord: (text) => `**ines** — Today at 17:01\n${text}`,
  'telegram fwd': (text) => `Forwarded from Ines:\n${text}`,
  'whatsapp ios': (text) => `[22/11/2026, 17:01:09] Ines: ${text}`,
  teams: (text) => `Ines Costa, 5:01 PM\n${text}`,
  alexa: (text) =>
    JSON.stringify({
      type: 'IntentRequest',
      locale: 'en-GB',
      intent: { name: 'AskIntent', slots: { query: { value: text } } },
    }),
  'voice asr': (text) => `[transcribed audio, 7 s, confidence 0.91] ${text}`,
  'voice tail': (text) => `${text}\n\n(The user is speaking; keep the reply short enough to be read aloud.)`,
  'json messages': (text) =>
    JSON.stringify([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: text },
    ]),
  'json prompt lang': (text) => JSON.stringify({ prompt: text, language: 'en', max_words: 200 }),
  'yaml ask': (text) => `user:\n  id: 881\n  tier: gold\nquestion: |\n${indented(text)}`,
  'markdown quote ask': (text) => `**Ines asked:**\n\n${quoted(text)}`,
  'triple quotes': (text) => `User input:\n"""\n${text}\n"""`,
  'triple backticks input': (text) =>
    `Respond to the message delimited by triple backticks.\n\n\`\`\`\n${text}\n\`\`\``,
  'xml input': (text) =>
    `<input>${escaped(text)}</input>\n\nThink step by step inside <thinking> tags, then answer inside <answer> tags.`,
  'reply language tail': (text) => `${text}\n\nReply in the same language as the question.`,
  'reply german tail': (text) => `${text}\n\nAntworte auf Deutsch und höchstens in drei Sätzen.`,
  'reply french tail': (text) => `${text}\n\nRéponds en français, en 100 mots maximum.`,
  'reply chinese tail': (text) => `${text}\n\n请用中文回答，不超过200字。`,
  'think step tail': (text) => `${text}\n\nLet's think step by step.`,
  'date head': (text) => `Today's date: 2026-11-22. User location: Lisbon, Portugal.\n\n${text}`,
  'persona head': (text) => `You are a helpful assistant. Answer the user's message below.\n\n${text}`,
  'persona spanish': (text) =>
    `Eres un asistente amable y conciso. Responde al mensaje del usuario.\n\nUsuario: ${text}`,
  'history block': (text) =>
    `Chat History:\nHuman: hi\nAI: Hello! How can I help?\n\nFollow Up Input: ${text}\nStandalone question:`,
  'summary so far': (text) =>
    `Summary of the conversation so far: The user greeted the assistant and asked for its name.\n\nNew message from the user:\n${text}`,
  'n8n expression': (text) => `Incoming webhook\nFrom: +351 900 000 000\nText: ${text}\nMedia: none`,
  'form fields': (text) => `Name: Ines\nEmail: ines@ex.org\nMessage: ${text}\nConsent: yes`,
  'sms gateway': (text) => `SMS from +351900000000 at 17:01: ${text}`,
  'poe mention': (text) => `@assistant ${text}`,
  'slash command': (text) => `/ask ${text}`,
  'bullets task': (text) =>
    `- Role: helper\n- Audience: adults\n- Format: plain text\n- Task: ${oneLine(text)}`,
}

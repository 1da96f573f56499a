type Wrap = (text: string) => string

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
const oneLine = (text: string) => text.replaceAll('\n', ' ')
const indented = (text: string) => text.replace(/^/gm, '  ')

/**
 * Shapes written after the lists and the peeling by shape were finished, to show how these handle names they
 * do not know.
 */
export const UNFORESEEN: Readonly<Record<string, Wrap>> = {
  'sig with bar': (text) => `${text}\n\n—\nOmar Haddad · Logistics\nomar@ex.org`,
  'mail nordic': (text) => `Hei,\n\n${text}\n\nVennlig hilsen\nKari Nordmann`,
  'mail polish': (text) => `Dzień dobry,\n\n${text}\n\nPozdrawiam serdecznie,\nAnna Kowalska`,
  'mail turkish': (text) => `Merhaba,\n\n${text}\n\nİyi günler dilerim.\nMehmet Kaya`,
  'forward apple': (text) =>
    `${text}\n\nBegin forwarded message:\n\nFrom: Sam Hill <sam@ex.org>\nSubject: lunch\nDate: 16 November 2026\n\nOk for Friday.`,
  'helpdesk numbered': (text) => `Case 00912345 | Opened: 2026-11-22 | Tier: 1\n\n${text}`,
  'crm block': (text) => `Lead source: website\nOwner: unassigned\nRegion: EMEA\nStage: new\n\n${text}`,
  'crm words last': (text) => `Visitor: v-8812\nPage: /pricing\nAsked: ${text}`,
  'intercom log': (text) => `Bot: Hi there, what brings you here?\nVisitor: ${text}`,
  'agent log 3': (text) => `USER: hello\nASSISTANT: Hello, how can I help?\nUSER: ${text}\nASSISTANT:`,
  'zoom transcript': (text) => `Mia Chen  00:00:05\nLet's start.\n\nOmar Haddad  00:00:09\n${text}`,
  'call transcript': (text) => `[00:01] Agent: Good evening.\n[00:04] Customer: ${oneLine(text)}`,
  srt: (text) => `1\n00:00:01,000 --> 00:00:04,000\n${text}`,
  'whatsapp android': (text) => `22/11/2026, 12:03 - Omar: ${text}`,
  signal: (text) => `Omar (22 Nov 2026, 12:03):\n${text}`,
  'frontmatter toml': (text) => `+++\ntitle = "note"\ndraft = true\n+++\n\n${text}`,
  obsidian: (text) => `---\ncreated: 2026-11-22\naliases:\n  - x\n---\n${text}`,
  'yaml block': (text) => `request_id: r-1\ntenant: acme\nbody: >\n${indented(text)}`,
  'xml soap': (text) =>
    `<Envelope>\n <Header><Id>12</Id></Header>\n <Body><Say>${escaped(text)}</Say></Body>\n</Envelope>`,
  'html blockquote mail': (text) =>
    `<div><p>${escaped(text).replaceAll('\n', '<br>')}</p><p>Cheers,<br>Omar</p></div>`,
  'html span': (text) => `<span style="font-size:12px">${escaped(text).replaceAll('\n', '<br/>')}</span>`,
  'markdown rule header': (text) => `**Channel:** email\n**Locale:** auto\n\n---\n\n${text}`,
  'rag user tail': (text) =>
    `Documents:\n- The pool is closed on Monday.\n- Towels cost two euros.\n\nUser: ${text}`,
  'rag finnish': (text) =>
    `Vastaa kysymykseen tekstin perusteella.\n\nKonteksti:\nKauppa aukeaa yhdeksältä.\n\nKysymys: ${text}\n\nVastaus:`,
  'rag vietnamese': (text) =>
    `Trả lời câu hỏi dựa trên ngữ cảnh.\n\nNgữ cảnh:\nCửa hàng mở lúc chín giờ.\n\nCâu hỏi: ${text}\n\nTrả lời:`,
  'editor snake tags': (text) =>
    `<open_tabs>\n- a.py\n</open_tabs>\n<lint_errors>\nnone\n</lint_errors>\n${text}`,
  'ask tag camel': (text) => `<ideState>\n{"open":["a.py"]}\n</ideState>\n<UserQuery>\n${text}\n</UserQuery>`,
  'fence with windows path': (text) => `\`\`\`ts C:\\w\\a.ts\nexport const a = 1\n\`\`\`\n\n${text}`,
  'meta curly trailing': (text) => `${text}\n\n{channel: web, session: 91}`,
  'brackets trailing prose': (text) => `${text}\n\n[The conversation so far has used 12k tokens]`,
  'tilde fences': (text) => `~~~~~ MESSAGE START ~~~~~\n${text}\n~~~~~ MESSAGE END ~~~~~`,
  'app footer': (text) => `${text}\n\n----\nApp: Notes | Device: Pixel 9 | Build: 88`,
  'prefix hash': (text) => `[ticket=991] ${text}`,
  'org babel head': (text) => `#+AUTHOR: omar\n#+OPTIONS: toc:nil\n\n${text}`,
  'json chat': (text) =>
    JSON.stringify({
      conversation: [
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: text },
      ],
      model: 'auto',
    }),
  'json ask nested': (text) => JSON.stringify({ meta: { id: 1 }, ask: { text } }),
  'voice header': (text) => `Voice note from Omar (0:14) at 12:03:\n${text}`,
  'ps status': (text) => `Status: on hold\nWait: 00:42\n\n${text}`,
}

type Wrap = (text: string) => string

const oneLine = (text: string) => text.replaceAll('\n', ' ')

/** More of the same, written after the others had been used for fixes, and first measured after that. */
export const FRAMEWORKS_AFTER: Readonly<Record<string, Wrap>> = {
  'tail table': (text) => `${text}\n\nFormat your answer as a Markdown table.`,
  'tail eli': (text) => `${text}\n\nKeep it under 120 words and avoid jargon.`,
  'tail cant': (text) => `${text}\n\nIf you don't know the answer, say so instead of guessing.`,
  'tail italian': (text) => `${text}\n\nRispondi in italiano, in massimo cinque frasi.`,
  'tail japanese': (text) => `${text}\n\n日本語で簡潔に答えてください。`,
  'tail schema': (text) =>
    `${text}\n\nThe output should be a JSON object that matches this schema: {"type":"object","properties":{"answer":{"type":"string"}}}`,
  'head sys md': (text) => `**System:** You are a concise assistant.\n\n**User:** ${text}`,
  'head persona long': (text) =>
    `You are an expert assistant with twenty years of experience. Be concise. Do not use emojis.\n\n${text}`,
  'head portuguese': (text) =>
    `Você é um assistente útil. Responda sempre em português.\n\nMensagem do usuário:\n${text}`,
  'head korean': (text) => `당신은 친절한 도우미입니다. 답변은 짧게 해 주세요.\n\n사용자: ${text}`,
  'rag markdown': (text) => `# Context\n\nThe gate closes at ten.\n\n# Question\n\n${text}\n\n# Answer`,
  'rag numbered': (text) =>
    `Sources:\n1. The pier is 200 m long.\n2. Boats leave hourly.\n\nUser question: ${text}\n\nAnswer using the sources above and cite them like [1].`,
  'rag italian': (text) =>
    `Rispondi usando solo il contesto.\n\nContesto:\nIl museo apre alle nove.\n\nDomanda: ${text}\nRisposta:`,
  'agent step': (text) => `Step 3 of 10\nGoal: ${oneLine(text)}\nPrevious actions: none\nNext action:`,
  'planner json': (text) =>
    JSON.stringify({ step: 1, objective: text, tools: ['search', 'python'], history: [] }),
  'openai responses': (text) => JSON.stringify([{ role: 'user', content: [{ type: 'input_text', text }] }]),
  'mcp prompt': (text) =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: 4,
      method: 'sampling/createMessage',
      params: { messages: [{ role: 'user', content: { type: 'text', text } }] },
    }),
  'slack thread': (text) => `Ines Costa\n  5:01 PM\n${text}`,
  'teams quote': (text) => `[Yesterday 16:58] Bot\nHi, how can I help?\n\n[Yesterday 17:01] Ines\n${text}`,
  'mail spanish': (text) =>
    `Estimado equipo:\n\n${text}\n\nUn cordial saludo,\nInés Costa\nDepartamento de Ventas`,
  'mail dutch fwd': (text) =>
    `${text}\n\n-----Oorspronkelijk bericht-----\nVan: Piet\nVerzonden: zondag\nAan: Ines\nOnderwerp: vraag\n\nTot morgen.`,
  'jira comment': (text) => `Comment by Ines Costa [22/Nov/26 5:01 PM]\n${text}`,
  servicenow: (text) =>
    `Number: INC0012345\nCaller: Ines Costa\nShort description: question\nDescription: ${text}`,
  'ide sel': (text) => `Selected text:\n\`\`\`\nlet total = 0\n\`\`\`\n\nUser prompt: ${text}`,
  'terminal cwd': (text) => `cwd: /home/ines/app\nshell: fish\nos: linux\n\n> ${oneLine(text)}`,
  'siri dictation': (text) => `Dictated on Apple Watch: ${text}`,
  'llm judge tail': (text) => `${text}\n\nPut your final answer within <answer></answer> tags.`,
  'memory xml': (text) => `<memory_context>\nThe user is vegetarian.\n</memory_context>\n\n${text}`,
  'xml cdata': (text) => `<request><id>7</id><prompt><![CDATA[${text}]]></prompt></request>`,
  'csv row': (text) => `id,channel,text\n881,web,"${oneLine(text).replaceAll('"', '""')}"`,
}

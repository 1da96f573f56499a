/** What people ask, by class: openings and matching details, in four languages. */
interface Topic {
  readonly openings: readonly string[]
  readonly details: readonly string[]
}

const TOPICS: readonly Topic[] = [
  {
    openings: [
      'Prove that every finite integral domain is a field.',
      'Derive the closed form of the sum of k·2^k for k from 1 to n.',
      'Find the eigenvalues of the matrix [[2, 1], [1, 3]] and diagonalise it.',
      'Write a function that finds the longest palindromic substring in O(n log n).',
      'A block of 4 kg slides down a slope of 30 degrees with friction 0.2: how fast is it after 5 m?',
      'Why does this recursive Fibonacci run in exponential time, and how is it made linear?',
    ],
    details: [
      'Show each step of the calculation and name the theorem you use.',
      'The answer must hold for n = 0 and for negative exponents too.',
      'Compare the complexity with that of the naive solution.',
      'Give the result to three significant figures with its unit.',
      'State the invariant of the loop and prove that it terminates.',
    ],
  },
  {
    openings: [
      'What is the capital of Kazakhstan and since when?',
      'Who wrote The Master and Margarita?',
      'In which year was the Suez Canal opened?',
      'Which river flows through Baghdad?',
      'How many members does the European Parliament have?',
      'When did the Western Roman Empire end?',
    ],
    details: [
      'One sentence is enough, with the date where there is one.',
      'If sources disagree, name the year most of them give.',
      'I need it for a quiz tonight, so please be brief.',
      'Add the name of the person who held the office then.',
      'Please also say where it can be looked up.',
    ],
  },
  {
    openings: [
      'Write a short poem about the harbour in the morning.',
      'Rewrite this e-mail so that it sounds friendlier and less formal.',
      'Translate the following paragraph into idiomatic Italian.',
      'Draft a toast for the wedding of two old friends.',
      'Summarise the meeting below for people who were not there.',
      'Polish the opening of my short story without changing its voice.',
    ],
    details: [
      'The fog lay over the boats, and nobody on the quay said a word.',
      'Keep the tone warm, avoid big words, and end on a hopeful note.',
      'Our neighbours have complained about the noise, and we would like to make peace.',
      'She had kept the letters in a tin box, under the stairs, for thirty years.',
      'We agreed to move the launch, to thank the team, and to meet again on Friday.',
    ],
  },
  {
    openings: [
      'Calcule l’intégrale de x·ln(x) entre 1 et e.',
      'Démontre que la racine de 3 est irrationnelle.',
      'Écris une fonction Python qui inverse une liste chaînée.',
      'Résous le système : 2x + 3y = 7 et x − y = 1.',
    ],
    details: [
      'Détaille chaque étape du calcul et justifie les passages à la limite.',
      'Précise la complexité en temps et en mémoire.',
      'Vérifie le résultat par une autre méthode, par exemple par récurrence.',
    ],
  },
  {
    openings: [
      'Qui a peint La Liberté guidant le peuple ?',
      'En quelle année la Bastille a-t-elle été prise ?',
      'Quelle est la capitale de la Nouvelle-Zélande ?',
      'Quel est le plus long fleuve de France ?',
    ],
    details: [
      'Une phrase suffit, avec la date si elle est connue.',
      'C’est pour un exposé de mon fils, merci d’être bref.',
      'Indique aussi où cela peut être vérifié.',
    ],
  },
  {
    openings: [
      'Écris une lettre de remerciement à ma grand-mère.',
      'Reformule ce paragraphe dans un style plus soutenu.',
      'Traduis ce texte en anglais en gardant le ton de l’auteur.',
      'Imagine le début d’un conte qui se passe dans un phare.',
    ],
    details: [
      'Le vent soufflait depuis trois jours et les bateaux restaient au port.',
      'Garde un ton chaleureux, sans mots compliqués, et termine sur une note d’espoir.',
      'Nous avons décidé de reporter la fête et de prévenir tous les invités.',
    ],
  },
  {
    openings: [
      '证明：任意两个奇数的平方差能被8整除。',
      '求函数 f(x)=x^3-3x 的极值点和单调区间。',
      '用 Python 写一个快速排序，并分析时间复杂度。',
    ],
    details: [
      '请写出完整的推导过程，并说明每一步的依据。',
      '请用另一种方法验证结果，例如数学归纳法。',
      '注意边界条件：n 等于零的时候也要成立。',
    ],
  },
  {
    openings: ['《红楼梦》的作者是谁？', '长城最早是什么时候开始修建的？', '澳大利亚的首都是哪座城市？'],
    details: [
      '一句话回答即可，请附上年份。',
      '这是孩子的作业，请尽量简短。',
      '如果资料说法不一，请给出最常见的说法。',
    ],
  },
  {
    openings: [
      '帮我写一封给老师的感谢信。',
      '请把下面这段话润色得更自然一些。',
      '写一首关于秋天和故乡的小诗。',
    ],
    details: [
      '那天傍晚，巷子里飘着桂花的香味，奶奶坐在门口等我回家。',
      '语气要温暖，不要太正式，结尾留一点希望。',
      '我们已经很多年没有见面了，心里有很多话想说。',
    ],
  },
  {
    openings: [
      'Berechne die Ableitung von x²·sin(x) und bestimme ihre Nullstellen.',
      'Wann wurde die Berliner Mauer gebaut?',
      'Schreibe eine Einladung zum Sommerfest des Vereins.',
    ],
    details: [
      'Zeige jeden Schritt und begründe ihn kurz.',
      'Ein Satz genügt, bitte mit Jahreszahl.',
      'Der Ton soll herzlich sein, und das Wetter darf ruhig vorkommen.',
    ],
  },
]

/** A typical application's system prompt, which is no evidence for any class. */
const SYSTEM =
  'You are the assistant of a small company. Answer in the language of the question, be accurate and polite, do not invent sources, and keep to the point. If a question is unclear, say what is missing before you answer.'

/** Placeholder for a serial number that makes every request different. */
export const SERIAL_DIGITS = 9
const SERIAL = '0'.repeat(SERIAL_DIGITS)

/** A request body, and the offset of its serial number. */
export interface Prompt {
  readonly body: Buffer
  readonly serialAt: number
}

/** Size of the question itself; the remaining bytes go into earlier turns, as in long conversations. */
const ASK_BYTES = 1024

/**
 * `count` different bodies of about `bytes` bytes: topics in rotation, with varying numbers and orders of
 * details.
 */
export function createPrompts(count: number, stream: boolean, bytes: number): readonly Prompt[] {
  return Array.from({ length: count }, (_, index) => createPrompt(index, stream, bytes))
}

function createPrompt(index: number, stream: boolean, bytes: number): Prompt {
  const topic = TOPICS[index % TOPICS.length]
  const shape = SHAPES[index % SHAPES.length]
  if (topic === undefined || shape === undefined) throw new RangeError('no topics')
  const { openings, details } = topic
  const round = Math.floor(index / TOPICS.length)
  const ask = `${openings[round % openings.length] ?? ''} (${SERIAL})`
  const earlier = earlierTurns(topic, bytes - ASK_BYTES)
  let more = ''
  let body = bodyOf([...earlier, ...shape(ask, more)], stream)
  for (let step = round; body.length < bytes - 60; step += 1 + (round % 2)) {
    more += ` ${details[step % details.length] ?? ''}`
    body = bodyOf([...earlier, ...shape(ask, more)], stream)
  }
  return { body, serialAt: body.indexOf(`(${SERIAL})`) + 1 }
}

function earlierTurns({ openings, details }: Topic, bytes: number): readonly Turn[] {
  const turns: Turn[] = []
  const answer = `${details.join(' ')} `.repeat(8)
  const each = Buffer.byteLength(answer) + 200
  for (let left = bytes; left > each; left -= each) {
    turns.push({ role: 'user', content: openings[turns.length % openings.length] ?? '' })
    turns.push({ role: 'assistant', content: answer })
  }
  return turns
}

interface Turn {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/**
 * How a request uses its bytes: all for the question, for instructions and the question, or for earlier
 * turns.
 */
const SHAPES: readonly ((ask: string, more: string) => readonly Turn[])[] = [
  (ask, more) => [{ role: 'user', content: ask + more }],
  (ask, more) => [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: ask + more },
  ],
  (ask, more) => [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: more.slice(0, more.length / 3) },
    { role: 'assistant', content: more.slice(more.length / 3) },
    { role: 'user', content: ask },
  ],
]

function bodyOf(messages: readonly Turn[], stream: boolean): Buffer {
  const wish = { model: 'gpt-4o', messages, temperature: 1, max_tokens: 800 }
  return Buffer.from(JSON.stringify(stream ? { ...wish, stream } : wish))
}

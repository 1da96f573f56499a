/**
 * Canned answers by topic, so that the demo reads like a conversation. A question that matches none gets an
 * answer that admits it is simulated.
 */
const BY_TOPIC: readonly (readonly [RegExp, string])[] = [
  [
    /irrational|irrationn|无理数/i,
    'Suppose √2 = p/q in lowest terms. Then p² = 2q², so p is even, p = 2k, and q² = 2k², so q is even too: a contradiction. Hence √2 is irrational.',
  ],
  [
    /integral|intégrale|积分|∫/i,
    'Integrate by parts with u = x and dv = eˣ dx: the integral is (x − 1)eˣ + C. Check: its derivative is eˣ + (x − 1)eˣ = x eˣ.',
  ],
  [
    /race|deadlock|concurren|go routine|goroutine/i,
    'Two goroutines read the counter before either writes it back. Guard it with a mutex, or use atomic.AddInt64; the race detector then stays silent.',
  ],
  [
    /python|function that|fonction qui|complexity|complexité|算法|函数/i,
    'def longest(s):\n    seen, start, best = {}, 0, 0\n    for i, c in enumerate(s):\n        start = max(start, seen.get(c, -1) + 1)\n        seen[c] = i\n        best = max(best, i - start + 1)\n    return best\n\nOne pass, O(n) time.',
  ],
  [
    /鸡|兔/u,
    '设鸡有 x 只，兔有 y 只：x + y = 35，2x + 4y = 94。解得 y = 12，x = 23。所以鸡 23 只，兔 12 只。',
  ],
  [/速度|km\/h|train|vitesse/i, 'Distance = vitesse × temps : 180 km / 1,5 h = 120 km/h.'],
  [/capital|capitale|首都/i, 'Canberra. It has been the seat of the Australian parliament since 1927.'],
  [/révolution|1789|bastille/i, 'La prise de la Bastille a eu lieu le 14 juillet 1789.'],
  [/长城|朝代|哪一年|几年/u, '秦始皇于公元前221年统一六国。'],
  [/who wrote|qui a écrit|谁写/i, 'Gabriel García Márquez wrote it; it appeared in 1967.'],
  [/joconde|mona lisa/i, 'Léonard de Vinci, entre 1503 et 1519.'],
  [/middlemarch/i, 'George Eliot, in 1871 and 1872.'],
  [/france/i, 'Paris.'],
  [
    /quicksort|O\(n/i,
    'A pivot that is always the smallest or largest element leaves n − 1 elements on one side, so the work is n + (n − 1) + … + 1, which is O(n²).',
  ],
  [
    /solve|prove|show that|derivative|determinant|eigenvalue|calculate/i,
    'Write down what is known, apply the definition, and simplify step by step; each line follows from the one before, and substituting the result back confirms it.',
  ],
  [/weather|météo|天气/i, 'It will be sunny in Lyon tomorrow, 14 °C at noon.'],
  [
    /poem|poème|sonnet|诗/i,
    'The harbour keeps its lamps for those who roam,\nand every wave remembers someone’s home.',
  ],
  [
    /letter|lettre|e-?mail|courriel|condolé/i,
    'Dear Claire,\n\nthank you for your patience. We were late, and you deserved a word sooner. The parcel left this morning, and the postage is on us.\n\nWarmly,\nJean',
  ],
  [
    /translat|tradui|翻译/i,
    'La mer était calme ce matin-là, et personne au port n’avait encore ouvert ses volets.',
  ],
  [/润色|文案|小说|邮件/u, '亲爱的各位同事：感谢大家这一年来的付出与陪伴。愿新的一年里，我们依旧并肩前行。'],
  [/image|picture|photo|图/iu, 'A small square of a single colour, without text or figures.'],
]

const OTHERWISE =
  'This is a simulated answer: the question was read, weighed and routed, and no model was asked.'

/** A canned answer to a question. */
export function answerTo(question: string): string {
  for (const [topic, answer] of BY_TOPIC) if (topic.test(question)) return answer
  return OTHERWISE
}

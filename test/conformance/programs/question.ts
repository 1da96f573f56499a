import words from './question.json' with { type: 'json' }

/**
 * What the programs ask, in every language. The simulator knows an answer to each, and they are routed to different
 * classes. An instruction in double brackets is for the simulator, which follows it whichever client sent the prompt.
 */
export const ask = { ...words, image_url: `data:image/png;base64,${words.pixels}` }

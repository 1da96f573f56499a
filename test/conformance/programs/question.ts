import words from './question.json' with { type: 'json' }

/**
 * What the programs ask, in every language. The simulator knows an answer to each, and routing sends them to different
 * roads; a wish in double brackets is for the simulator, which grants it whoever passes the prompt on.
 */
export const ask = { ...words, image_url: `data:image/png;base64,${words.pixels}` }

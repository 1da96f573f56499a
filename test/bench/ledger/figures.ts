let isGood = true

export function say(what: string, result: string): void {
  console.log(`${what.padEnd(46)} ${result}`)
}

/** Suffix for a figure; a bad one makes the whole run exit with 1. */
export function check(good: boolean): string {
  isGood &&= good
  return good ? '' : '   NOT GOOD'
}

export function allGood(): boolean {
  return isGood
}

/** Runs a question `runs` times; `mostMs` is the limit for p95. */
export async function measure(
  what: string,
  ask: () => number | Promise<number>,
  runs: number,
  mostMs = 500,
): Promise<void> {
  const times: number[] = []
  let found = 0
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now()
    found = await ask()
    times.push(performance.now() - started)
  }
  times.sort((one, other) => one - other)
  const at = (part: number) => times[Math.ceil(part * times.length) - 1] ?? 0
  const figures = `p50 ${at(0.5).toFixed(1)} ms   p95 ${at(0.95).toFixed(1)} ms   (${found})`
  say(what, figures + check(at(0.95) < mostMs))
}

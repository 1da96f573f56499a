/** Runs a job repeatedly with a pause after each run. A failed run is retried after the pause. */
export function repeat(
  everyMs: number,
  job: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): { stop(): Promise<void> } {
  let stopped = false
  let running = Promise.resolve()
  let timer: NodeJS.Timeout
  const schedule = () => {
    timer = setTimeout(() => {
      running = run()
    }, everyMs)
    timer.unref()
  }
  const run = async () => {
    try {
      await job()
    } catch (error) {
      onFailure(error)
    }
    if (!stopped) schedule()
  }
  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

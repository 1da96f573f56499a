import { StoreUnavailable } from './store-unavailable.ts'

/** The promise's result; throws `StoreUnavailable` if there is none within `ms` milliseconds. */
export async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable(`redis: no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}

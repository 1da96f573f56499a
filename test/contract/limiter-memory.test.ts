import { createMemoryLimiter } from '../../src/limits/memory/limiter.ts'
import { limiterContract } from './limiter.ts'

limiterContract('memory', async (clock) => createMemoryLimiter(clock))

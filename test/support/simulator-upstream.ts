import type { TestContext } from 'node:test'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/server.ts'

/** A simulator that ends with the test that started it. */
export async function startUpstream(test: TestContext, options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options)
  test.after(() => simulator.close())
  return simulator
}

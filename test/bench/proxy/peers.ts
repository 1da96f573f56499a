import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Child } from './child.ts'
import type { Contestant } from './contestants.ts'
import { KEY } from './program.ts'

/** A running peer, or why it is not measured. */
export type Peer = Contestant | { readonly name: string; readonly missing: string }

const PATIENCE_MS = 60_000

/** Portkey's gateway, installed by npm into `folder`, with no plugins configured. */
export async function startPortkey(folder: string | undefined, upstreamPort: number): Promise<Peer> {
  const name = 'Portkey'
  const script = join(folder ?? '.', 'node_modules/@portkey-ai/gateway/build/start-server.js')
  if (folder === undefined || !existsSync(script)) {
    return { name, missing: 'npm install --prefix FOLDER @portkey-ai/gateway, then --peers FOLDER' }
  }
  const port = await freePort()
  const child = new Child(
    spawn(process.execPath, [script, `--port=${port}`, '--headless'], { stdio: 'ignore' }),
  )
  const headers = `x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:${upstreamPort}/v1\r\n`
  return untilServing({ name, child, door: { port, key: KEY, headers } })
}

/** LiteLLM's proxy, if it is on the PATH: one worker, no database, one key, no logging. */
export async function startLitellm(folder: string, upstreamPort: number): Promise<Peer> {
  const name = 'LiteLLM'
  const places = (process.env.PATH ?? '').split(delimiter)
  if (!places.some((place) => existsSync(join(place, 'litellm')))) {
    return { name, missing: "pip install 'litellm[proxy]', on the PATH" }
  }
  const config = join(folder, 'litellm.json')
  const target = {
    model: 'openai/gpt-4o',
    api_base: `http://127.0.0.1:${upstreamPort}/v1`,
    api_key: 'sk-upstream',
  }
  const models = [{ model_name: 'gpt-4o', litellm_params: target }]
  writeFileSync(config, JSON.stringify({ model_list: models, general_settings: { master_key: KEY } }))
  const port = await freePort()
  const argv = ['--config', config, '--port', String(port), '--num_workers', '1']
  const env = { ...process.env, LITELLM_LOG: 'ERROR', LITELLM_LOCAL_MODEL_COST_MAP: 'True', NO_DOCS: 'True' }
  const child = new Child(spawn('litellm', argv, { stdio: 'ignore', env }))
  return untilServing({ name, child, door: { port, key: KEY, headers: '' } })
}

async function untilServing(peer: Contestant): Promise<Peer> {
  const { name, child, door } = peer
  const until = performance.now() + PATIENCE_MS
  let why = 'it never listened'
  while (performance.now() < until && child.process.exitCode === null) {
    try {
      const response = await fetch(`http://127.0.0.1:${door.port}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${door.key}`,
          'content-type': 'application/json',
          ...Object.fromEntries(
            door.headers.split('\r\n').flatMap((line) => (line === '' ? [] : [line.split(': ')])),
          ),
        },
        body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Are you there?' }] }),
      })
      const text = await response.text()
      if (response.ok) return peer
      why = `${response.status}: ${text.slice(0, 200)}`
    } catch (error) {
      why = String(error)
    }
    await sleep(500)
  }
  await child.stop()
  return { name, missing: `it does not serve here: ${why}` }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('no free port'))
      })
    })
  })
}

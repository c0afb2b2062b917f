import type { Engine, Line } from './types'

/** Where the engine's WebAssembly is, as engine.js of the site says. */
export interface Wasm {
  kind: 'wasm'
  exec: string // text of the script that starts Go programs, since a page that was opened as a file can load none into a worker
  packed: string // address of a script that puts the engine into window.ENTREPOT_WASM, gzipped and in base64: files and web hosts give scripts alike
}

declare global {
  interface Window { ENTREPOT_WASM?: string }
}

/** What a worker is sent, and what it sends back. */
type Order = { id: number; name: string; json: string } | { id: number; cancel: true }
type Reply = { ready: true } | { dead: string } | { id: number; lines?: string[]; done?: true; error?: string; aborted?: boolean }

// The worker's own script, behind that which starts Go programs. Lines go out in parcels: a message a line would cost more than the line.
const script = `
const answers = new Map()

onmessage = async ({ data }) => {
  if (data.module) {
    const go = new Go()
    const ready = new Promise((done) => (globalThis.onentrepot = done))
    const dead = (e) => postMessage({ dead: String(e?.message ?? 'the engine ended') })
    go.run(await WebAssembly.instantiate(data.module, go.importObject)).then(dead, dead)
    await ready
    return postMessage({ ready: true })
  }
  if (data.cancel) return answers.get(data.id)?.cancel()
  const { id, name, json } = data
  let parcel = [], sent = performance.now()
  const send = () => { if (parcel.length) { postMessage({ id, lines: parcel }); parcel = []; sent = performance.now() } }
  const answer = entrepot.answer(name, json, (line) => { parcel.push(line); if (parcel.length >= 64 || performance.now() - sent > 12) send() })
  answers.set(id, answer)
  try { await answer.done; send(); postMessage({ id, done: true }) }
  catch (e) { postMessage({ id, error: String(e.message), aborted: e.name === 'AbortError' }) }
  answers.delete(id)
}`

/** workerEngine answers with the engine in workers of the page, so many at most. */
export function workerEngine(from: Wasm, most: number): Engine {
  const idle: Hand[] = []
  const waiting: ((hand: Hand) => void)[] = []
  let hired = 0
  let compiled: Promise<WebAssembly.Module> | undefined

  function take(): Promise<Hand> {
    const hand = idle.pop()
    if (hand) return Promise.resolve(hand)
    if (hired < most) {
      hired++
      compiled ??= compile(from)
      compiled.catch(() => (compiled = undefined)) // the next question tries again
      return compiled.then((module) => hire(from, module)).catch((error) => {
        hired--
        throw error
      })
    }
    return new Promise((go) => waiting.push(go))
  }
  function give(hand: Hand) {
    const next = waiting.shift()
    if (next) next(hand)
    else idle.push(hand)
  }

  // replace hires another hand for who waits for one that is dead.
  function replace() {
    hired--
    const next = waiting.shift()
    if (next) take().then(next, () => waiting.unshift(next))
  }

  return {
    async ask(question, json, line, signal) {
      const hand = await take()
      try {
        await hand.answer(question, JSON.stringify(json), line, signal)
      } finally {
        if (hand.alive()) give(hand)
        else replace()
      }
    },
  }
}

async function compile(from: Wasm): Promise<WebAssembly.Module> {
  if (!window.ENTREPOT_WASM) await load(from.packed)
  const packed = Uint8Array.from(atob(window.ENTREPOT_WASM!), (c) => c.charCodeAt(0))
  delete window.ENTREPOT_WASM
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return WebAssembly.compile(await new Response(stream).arrayBuffer())
}

function load(address: string): Promise<void> {
  return new Promise((done, failed) => {
    const tag = document.createElement('script')
    tag.src = address
    tag.onload = () => done()
    tag.onerror = () => failed(new Error(address))
    document.head.append(tag)
  })
}

/** Hand is a worker that answers one question at a time. */
interface Hand {
  answer(name: string, json: string, line: (line: Line) => void, signal?: AbortSignal): Promise<void>
  alive(): boolean
}

async function hire(from: Wasm, module: WebAssembly.Module): Promise<Hand> {
  const address = URL.createObjectURL(new Blob([from.exec + script], { type: 'text/javascript' }))
  const worker = new Worker(address)
  let count = 0
  let alive = true
  let heard: (reply: Reply) => void = () => {}
  let broke: (error: Error) => void = () => {}
  const die = (why: string) => {
    alive = false
    worker.terminate()
    broke(new Error(why))
  }
  worker.onmessage = ({ data }) => ('dead' in data ? die(data.dead) : heard(data))
  worker.onerror = (event) => die(event.message || 'the worker could not start')
  await new Promise<void>((done, failed) => {
    heard = () => done()
    broke = failed
    worker.postMessage({ module })
  })
  URL.revokeObjectURL(address)
  return {
    alive: () => alive,
    answer(name, json, line, signal) {
      const id = ++count
      const stop = () => worker.postMessage({ id, cancel: true } satisfies Order)
      return new Promise<void>((done, failed) => {
        const settle = (act: () => void) => {
          signal?.removeEventListener('abort', stop)
          act()
        }
        broke = (error) => settle(() => failed(error))
        heard = (reply) => {
          if ('ready' in reply || 'dead' in reply || reply.id !== id) return
          if (reply.lines && !signal?.aborted) for (const text of reply.lines) line(JSON.parse(text))
          if (reply.done) settle(done)
          if (reply.error !== undefined) settle(() => failed(reply.aborted ? new DOMException(reply.error, 'AbortError') : new Error(reply.error)))
        }
        signal?.addEventListener('abort', stop)
        worker.postMessage({ id, name, json } satisfies Order)
        if (signal?.aborted) stop()
      })
    },
  }
}

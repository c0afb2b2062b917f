import type { Engine, Line } from './types'

/** Where the engine's WebAssembly is, as engine.js of the site says. */
export interface Wasm {
  kind: 'wasm'
  exec: string // text of the script that starts Go programs, since a page that was opened as a file can load none into a worker
  wasm: string // address of the engine
  packed: string // address of a script that puts it into window.ENTREPOT_WASM, for pages opened as a file
}

declare global {
  interface Window { ENTREPOT_WASM?: string }
}

/** What a worker is sent, and what it sends back. */
type Order = { id: number; name: string; json: string } | { id: number; cancel: true }
type Reply = { ready: true } | { id: number; lines?: string[]; done?: true; error?: string; aborted?: boolean }

// The worker's own script, behind that which starts Go programs. Lines go out in parcels: a message a line would cost more than the line.
const script = `
const answers = new Map()

onmessage = async ({ data }) => {
  if (data.module) {
    const go = new Go()
    const ready = new Promise((done) => (globalThis.onentrepot = done))
    go.run(await WebAssembly.instantiate(data.module, go.importObject))
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

/** workerEngine answers with the engine in workers of the page, at most as many as there are processors to spare. */
export function workerEngine(from: Wasm, most = Math.max(2, Math.min(4, navigator.hardwareConcurrency || 2))): Engine {
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

  return {
    async ask(question, json, line, signal) {
      const hand = await take()
      try {
        await hand.answer(question, JSON.stringify(json), line, signal)
      } finally {
        give(hand)
      }
    },
  }
}

async function compile(from: Wasm): Promise<WebAssembly.Module> {
  if (location.protocol !== 'file:') return WebAssembly.compileStreaming(bytesOf(from.wasm))
  if (!window.ENTREPOT_WASM) await load(from.packed)
  const packed = Uint8Array.from(atob(window.ENTREPOT_WASM!), (c) => c.charCodeAt(0))
  delete window.ENTREPOT_WASM
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return WebAssembly.compile(await new Response(stream).arrayBuffer())
}

/** bytesOf fetches the engine; hosts that know no type for it are forgiven. */
async function bytesOf(address: string): Promise<Response> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  if (response.headers.get('Content-Type') === 'application/wasm') return response
  return new Response(response.body, { headers: { 'Content-Type': 'application/wasm' } })
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
}

async function hire(from: Wasm, module: WebAssembly.Module): Promise<Hand> {
  const address = URL.createObjectURL(new Blob([from.exec + script], { type: 'text/javascript' }))
  const worker = new Worker(address)
  let count = 0
  let heard: (reply: Reply) => void = () => {}
  let broke: (error: Error) => void = () => {}
  worker.onmessage = ({ data }) => heard(data)
  worker.onerror = (event) => broke(new Error(event.message || 'the worker could not start'))
  await new Promise<void>((done, failed) => {
    heard = () => done()
    broke = failed
    worker.postMessage({ module })
  })
  URL.revokeObjectURL(address)
  return {
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
          if ('ready' in reply || reply.id !== id) return
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

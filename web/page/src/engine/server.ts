import type { Engine, Fault, Line, Problems } from './types'

/** Refused is an answer that says why there is none. To ask again at once would not help. */
export class Refused extends Error {}

/** Broken is an answer that broke off, or an engine that is not there for now. */
class Broken extends Error {
  constructor(message: string, readonly after = 0) { // not to be asked before so many seconds
    super(message)
  }
}

/** Other is another build of the program than the one that began the answer: lines of the two must not be put together. */
class Other extends Error {}

/** Misheard is a fault of the asker's, who would fail at the same line again. */
class Misheard extends Error {}

const first = 0.3 // seconds until the second try; each further wait is twice as long
const longest = 8
const silence = 20 // seconds without a word: the server speaks every five

/** Waits that a reader, or a network that is back, cuts short. */
const waits = new Set<() => void>()

/** hurry lets all that waits for a lost connection try at once. */
export function hurry(): void {
  for (const go of [...waits]) go()
}

/**
 * serverEngine asks the program that served the page. A connection that drops is taken up again where it broke, however long that takes; the asker
 * is told by a line `lost`, and by a line `back` once it has come back; by a line `crowded` where too much is asked at once. A program that was started again repeats the answer, which is the same;
 * another build of it may give another, and is asked from the first line on.
 */
export function serverEngine(base = './api/', patience = silence): Engine {
  globalThis.addEventListener?.('online', hurry)
  return {
    async ask(question, json, line, signal, idly) {
      const body = JSON.stringify(json)
      const tell = (l: Line) => {
        try {
          line(l)
        } catch (error) {
          throw new Misheard(String(error), { cause: error })
        }
      }
      let last = 0
      const build = { tag: '' } // of the program that the lines so far are from
      let lost = false
      for (let failed = 0; ; ) {
        const got = last
        let after = 0
        try {
          const done = await once(base + question, body, last, build, patience, idly, signal, (l, id) => {
            if (lost) tell({ kind: 'back' })
            lost = false
            last = id
            tell(l)
          })
          if (done) return
        } catch (error) {
          if (error instanceof Misheard) throw error.cause
          if (signal?.aborted || error instanceof Refused) throw error
          if (error instanceof Broken) after = error.after
          if (error instanceof Other) {
            last = 0
            build.tag = ''
          }
        }
        if (signal?.aborted) throw new DOMException('asked to stop', 'AbortError')
        failed = last > got ? 0 : failed + 1
        if (after) tell({ kind: 'crowded' })
        else if (failed > 1 && !lost) { // a second try that fails at once is more than a hiccup
          lost = true
          tell({ kind: 'lost' })
        }
        await rest(Math.max(after, Math.min(longest, first * 2 ** failed)), signal)
      }
    },
  }
}

/** rest waits so many seconds, or until it is hurried or called off. */
function rest(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const go = () => {
      clearTimeout(timer)
      waits.delete(go)
      signal?.removeEventListener('abort', go)
      done()
    }
    const timer = setTimeout(go, 1000 * seconds)
    waits.add(go)
    signal?.addEventListener('abort', go)
  })
}

/** once reads one stream of events and reports whether it came to its end. Where nothing is heard for so many seconds, the connection is taken for dead. */
async function once(url: string, body: string, last: number, build: { tag: string }, patience: number, idly: boolean | undefined, signal: AbortSignal | undefined, line: (l: Line, id: number) => void): Promise<boolean> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', Accept: 'text/event-stream' }
  if (last > 0) {
    headers['Last-Event-ID'] = String(last)
    headers['If-Match'] = build.tag
  }
  if (idly) headers.Priority = 'u=7' // RFC 9218: behind everything else
  const stop = new AbortController()
  const end = () => stop.abort()
  signal?.addEventListener('abort', end)
  if (signal?.aborted) end()
  let timer = setTimeout(end, 1000 * patience)
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(end, 1000 * patience)
  }
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: stop.signal, credentials: 'omit', cache: 'no-store' })
    if (response.status === 412) throw new Other()
    if (!response.body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) await refused(response)
    const tag = response.headers.get('ETag') ?? ''
    if (last > 0 && tag !== build.tag) throw new Other()
    build.tag = tag
    return await read(response.body!, last, heard, line)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

/** refused throws what a response without an answer is: for now, or for good. */
async function refused(response: Response): Promise<never> {
  const why = reason(await response.text())
  const after = Number(response.headers.get('Retry-After'))
  // Without a reason of ours it is somebody between us who answers: a proxy whose server is gone, a network that asks for a password.
  if (after || !why) throw new Broken(why, after)
  throw new Refused(why)
}

async function read(from: ReadableStream<Uint8Array>, last: number, heard: () => void, line: (l: Line, id: number) => void): Promise<boolean> {
  const reader = from.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  let id = last
  let done = false
  for (;;) {
    const part = await reader.read()
    if (part.done) return done
    heard()
    rest += part.value
    const events = rest.split('\n\n')
    rest = events.pop()!
    for (const event of events) {
      let data = ''
      let end = false
      for (const field of event.split('\n')) {
        if (field.startsWith('id:')) id = Number(field.slice(3))
        else if (field.startsWith('data:')) data += field.slice(field[5] === ' ' ? 6 : 5)
        else if (field.startsWith('event: done')) end = true
      }
      if (end) {
        done = true
        continue
      }
      if (!data) continue
      const told = JSON.parse(data) as Line
      if (told.kind === 'ending') return false // the program ends; perhaps it is started again
      if (told.kind === 'fault') throw new Refused((told as Fault).message)
      if (told.kind === 'problems') done = true // always the last line
      line(told, id)
    }
  }
}

/** reason is what the body of a refusal says. */
function reason(body: string): string {
  try {
    return (JSON.parse(body) as Problems).problems.map((p) => [p.message, p.hint].filter(Boolean).join('; ')).join('\n')
  } catch {
    return ''
  }
}

import type { Engine, Fault, Line, Problems } from './types'

/** Unreachable is a server that does not answer. */
export class Unreachable extends Error {}

/** Refused is an answer that says why there is none. */
export class Refused extends Error {
  constructor(message: string, readonly later = 0) { // after so many seconds it may be asked again
    super(message)
  }
}

const tries = 5

/** serverEngine asks the program that served the page. A connection that drops is taken up again where it broke. */
export function serverEngine(base = './api/'): Engine {
  return {
    async ask(question, json, line, signal) {
      let last = 0
      for (let failed = 0; ; ) {
        const got = last
        let rest = 0.3 * 2 ** failed // seconds until the next try
        try {
          const done = await once(base + question, JSON.stringify(json), last, signal, (l, id) => {
            last = id
            line(l)
          })
          if (done) return
        } catch (error) {
          if (signal?.aborted || !(error instanceof TypeError || error instanceof Refused && error.later)) throw error // refusals are no dropped connections
          if (error instanceof Refused) {
            if (failed + 1 >= tries) throw error
            rest = error.later
          }
        }
        if (signal?.aborted) throw new DOMException('asked to stop', 'AbortError')
        failed = last > got ? 0 : failed + 1
        if (failed >= tries) throw new Unreachable(question)
        await new Promise((go) => setTimeout(go, 1000 * rest))
      }
    },
  }
}

/** once reads one stream of events and reports whether it came to its end. */
async function once(url: string, body: string, last: number, signal: AbortSignal | undefined, line: (l: Line, id: number) => void): Promise<boolean> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', Accept: 'text/event-stream' }
  if (last > 0) headers['Last-Event-ID'] = String(last)
  const response = await fetch(url, { method: 'POST', headers, body, signal, credentials: 'omit', cache: 'no-store' })
  if (!response.body || !response.ok && !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
    throw new Refused(reason(await response.text()) || `${response.status}`, Number(response.headers.get('Retry-After')))
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  let id = last
  let done = false
  for (;;) {
    const part = await reader.read()
    if (part.done) return done
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
      if (told.kind === 'fault') throw new Refused((told as Fault).message) // to ask again would not help
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

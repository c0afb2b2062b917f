import { test } from 'node:test'
import assert from 'node:assert/strict'
import { hurry, Refused, serverEngine } from '../src/engine/server'
import type { Line } from '../src/engine/types'

/** answers lets fetch answer in turn; each answer gets the headers that it was asked with. */
function answers(...list: ((headers: Record<string, string>, signal: AbortSignal) => Response | Promise<Response>)[]): () => number {
  let asked = 0
  globalThis.fetch = (async (_: string, init: { headers: Record<string, string>; signal: AbortSignal }) => {
    const next = list[Math.min(asked++, list.length - 1)]
    return next(init.headers, init.signal)
  }) as unknown as typeof fetch
  return () => asked
}

const built = (build: string, ...events: string[]) => new Response(events.map((e) => e + '\n\n').join(''), { headers: { 'Content-Type': 'text/event-stream', ETag: build } })
const stream = (...events: string[]) => built('"a"', ...events)
const line = (id: number) => `id: ${id}\ndata: {"kind":"week","t":${id}}`
const done = 'event: done\ndata: {"kind":"done"}'

async function ask(patience?: number, signal?: AbortSignal): Promise<Line[]> {
  const got: Line[] = []
  const soon = setInterval(hurry, 5) // nobody waits here
  try {
    await serverEngine('./api/', patience).ask('run', {}, (l) => got.push(l), signal)
  } finally {
    clearInterval(soon)
  }
  return got
}
const kinds = (lines: Line[]) => lines.map((l) => (l.kind === 'week' ? (l as unknown as { t: number }).t : l.kind))

test('an answer that breaks off is taken up at the line it came to', async () => {
  const asked: (string | undefined)[] = []
  answers((h) => (asked.push(h['Last-Event-ID']), stream(line(1), line(2))), () => { throw new TypeError('gone') }, (h) => (asked.push(h['Last-Event-ID']), stream(line(3), done)))
  assert.deepEqual(kinds(await ask()), [1, 2, 3])
  assert.deepEqual(asked, [undefined, '2'])
})

test('lines of two builds of the program are never put together', async () => {
  const asked: string[] = []
  const heard = (h: Record<string, string>, answer: Response) => (asked.push(`${h['Last-Event-ID']} ${h['If-Match']}`), answer)
  answers((h) => heard(h, stream(line(1), line(2))), (h) => heard(h, new Response('', { status: 412 })), (h) => heard(h, built('"b"', line(1), line(2))), (h) => heard(h, built('"b"', line(3), done)))
  assert.deepEqual(kinds(await ask()), [1, 2, 1, 2, 3])
  assert.deepEqual(asked, ['undefined undefined', '2 "a"', 'undefined undefined', '2 "b"'])
  answers(() => stream(line(1), line(2)), () => built('"b"', line(3), done), () => built('"b"', line(1), line(2), line(3), done)) // one that does not refuse
  assert.deepEqual(kinds(await ask()), [1, 2, 1, 2, 3])
})

test('a connection that is long gone is told once, and so is its return', async () => {
  const gone = () => { throw new TypeError('gone') }
  answers(gone, gone, gone, gone, gone, gone, gone, gone, () => stream(line(1), done))
  assert.deepEqual(kinds(await ask()), ['lost', 'back', 1])
})

test('a server that ends is waited for', async () => {
  answers(() => stream(line(1), 'event: ending\ndata: {"kind":"ending"}'), () => stream(line(2), done))
  assert.deepEqual(kinds(await ask()), [1, 2])
})

test('a proxy whose server is gone is no refusal', async () => {
  answers(() => new Response('<html>Bad Gateway', { status: 502 }), () => stream(line(1), done))
  assert.deepEqual(kinds(await ask()), [1])
})

test('a silent connection is given up', async () => {
  const silent = (_: unknown, signal: AbortSignal) => new Promise<Response>((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)))
  answers(silent, () => stream(line(1), done))
  assert.deepEqual(kinds(await ask(0.02)), [1])
})

test('a refusal for good ends it, one for now does not', async () => {
  const no = (status: number, headers: Record<string, string> = {}) => () => new Response('{"kind":"problems","problems":[{"message":"no","hint":""}]}', { status, headers })
  answers(no(403))
  await assert.rejects(ask(), Refused)
  answers(no(503, { 'Retry-After': '3' }), () => stream(line(1), done))
  assert.deepEqual(kinds(await ask()), ['crowded', 1])
})

test('a fault ends it', async () => {
  answers(() => stream(line(1), 'event: fault\ndata: {"kind":"fault","message":"broken"}'))
  await assert.rejects(ask(), /broken/)
})

test('who fails at a line is not asked to hear it again', async () => {
  const asked = answers(() => stream(line(1), done))
  await assert.rejects(serverEngine().ask('run', {}, () => { throw new TypeError('the page is at fault') }), /at fault/)
  assert.equal(asked(), 1)
})

test('what is called off ends while it waits', async () => {
  const stop = new AbortController()
  answers(() => { throw new TypeError('gone') })
  setTimeout(() => stop.abort(), 30)
  await assert.rejects(ask(undefined, stop.signal))
})

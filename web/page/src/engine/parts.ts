import type { Engine, Line, Progress } from './types'

/** inParts lets comparisons be lived by several workers at once: each lives some of the pairs, and one puts their rows together. The answer is that of one worker. */
export function inParts(engine: Engine, parts: number): Engine {
  return {
    async ask(question, json, line, signal) {
      if (question !== 'compare' || parts < 2) return engine.ask(question, json, line, signal)
      const done = new Array<Progress>(parts).fill({ kind: 'progress', done: 0, of: 0 })
      const rows = new Array<string>(parts)
      let wrong: Line | null = null
      const hear = (part: number) => (told: Line) => {
        if (told.kind === 'part') rows[part] = (told as unknown as { rows: string }).rows
        else if (told.kind === 'progress') {
          done[part] = told as Progress
          const sum = (of: (p: Progress) => number) => done.reduce((all, p) => all + of(p), 0)
          line({ kind: 'progress', done: sum((p) => p.done), of: sum((p) => p.of) * (parts / done.filter((p) => p.of).length) } as Progress)
        } else if (told.kind === 'problems') wrong ??= told
      }
      const stop = new AbortController() // one part that fails ends the others
      const end = () => stop.abort()
      signal?.addEventListener('abort', end)
      try {
        await Promise.all(rows.fill('').map((_, part) => engine.ask(question, { ...(json as object), part, of: parts }, hear(part), stop.signal)))
      } catch (error) {
        stop.abort()
        throw error
      } finally {
        signal?.removeEventListener('abort', end)
      }
      if (wrong) return line(wrong)
      await engine.ask(question, { ...(json as object), parts: rows }, (told) => told.kind !== 'progress' && line(told), signal)
    },
  }
}

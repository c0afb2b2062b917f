// Numbers and sentences of a lesson in the language of the page.
import { f, fixed, int, percent, signed } from '../words'
import type { Answers } from './measure'
import { summary } from './pairs'
import type { Format, Lesson, Passage, Prediction } from './types'

/** amount writes a sum without its unit, in hundreds from a thousand on. */
export function amount(x: number, sign = false): string {
  if (!Number.isFinite(x)) return '–'
  const text = int(Math.abs(x) < 1_000 ? x : Math.round(x / 100) * 100)
  return sign ? signed(text) : text
}

export function cfa(x: number): string {
  return Number.isFinite(x) ? f('%s CFA', amount(x)) : '–'
}

export function write(x: number, as: Format): string {
  if (!Number.isFinite(x)) return '–'
  switch (as) {
    case 'cfa': return cfa(x)
    case 'signed': return signed(cfa(x))
    case 'percent': return percent(x)
    case 'signed percent': return signed(percent(x))
    case 'units': return fixed(x, 1)
    case 'signed units': return signed(fixed(x, 1))
    case 'count': return int(x)
    case 'decimal': return fixed(x, 2)
  }
}

/** said is the passages that hold, with their numbers. */
export function said(passages: Passage[], answers: Answers): string[] {
  return passages.filter((p) => holds(p, answers)).map((p) => f(p.text, ...(p.values ?? []).map((v) => write(answers.value(v.of), v.as))))
}

function holds(p: Passage, answers: Answers): boolean {
  return !p.when || within(answers.value(p.when.of), p.when)
}

export function within(x: number, range: { from?: number; to?: number }): boolean {
  return x >= (range.from ?? -Infinity) && x < (range.to ?? Infinity)
}

export type Verdict = 'hit' | 'low' | 'high' | 'miss' | 'unknown'

/** judged holds a guess (position of an option, or a number) against what came. */
export function judged(p: Prediction, guess: number, answers: Answers): Verdict {
  const x = truth(p, answers)
  if (!Number.isFinite(x)) return 'unknown'
  if (p.options) return within(judge(p, answers), p.options[guess]) ? 'hit' : 'miss'
  const far = p.near! > 1 ? p.near! : p.near! * Math.abs(x) // a share of what came, or so many units
  if (Math.abs(guess - x) <= far) return 'hit'
  return guess < x ? 'low' : 'high'
}

/** judge is the number that tells which option is true: of an effect the mean of the draws, since one draw may go against it. */
export function judge(p: Prediction, answers: Answers): number {
  return p.pairs ? summary(answers.lesson, p.of).mean : answers.value(p.of)
}

/** truth is what came of a prediction, on its scale. */
export function truth(p: Prediction, answers: Answers): number {
  const x = answers.value(p.of)
  return p.as === 'percent' ? 100 * x : x
}

/** scale writes a number of a prediction's scale. */
export function scale(p: Prediction, x: number): string {
  return p.as === 'percent' ? write(x / 100, 'percent') : write(x, p.as!)
}

/** windowOf is the stretch of time that a prediction speaks of. */
export function windowOf(lesson: Lesson, p: Prediction): { from: string; to: string } | null {
  const m = lesson.measures.find((x) => x.id === p.of)
  return m?.from && m.to ? { from: m.from, to: m.to } : null
}

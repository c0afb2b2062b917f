// What many draws of luck show: each measure of a lesson under the seeds 1, 2, ..., kept in web/lessons/pairs, where a test lives them again.
import type { Answers } from './measure'
import { Needs, ofGiven, ofRun, ofTask } from './needs'
import type { Expected, Lesson } from './types'

export interface Summary { n: number; mean: number; low: number; high: number; alike: number }

const t95 = 2.093 // of Student's distribution with 19 degrees of freedom, as in web/lessons/pairs.go

/** draws are a measure's values under each seed, NaN where there was none. */
export function draws(lesson: Lesson, id: string): number[] {
  return (lesson.pairs[id] ?? []).map((x) => x ?? NaN)
}

/** summary is the mean of the draws, its 95 % interval, and how many draws have the sign of the mean. */
export function summary(lesson: Lesson, id: string): Summary {
  const x = draws(lesson, id)
  const n = x.length
  const mean = x.reduce((sum, v) => sum + v, 0) / n
  const half = t95 * Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1) / n)
  return { n, mean, low: mean - half, high: mean + half, alike: x.filter((v) => v === mean || v * mean > 0).length }
}

/** claims are those of the run, or those of the changes that have been run: what a change brings is not told before. */
export function claims(lesson: Lesson, answers: Answers, step: 'explain' | 'change'): Expected[] {
  const told = new Set([...ofGiven(lesson).states.keys(), ...ofRun(lesson).states.keys()])
  const changed = new Set(lesson.tasks.flatMap((_, i) => [...ofTask(lesson, i).states.keys()]).filter((s) => !told.has(s)))
  return lesson.expect.filter((e) => {
    if (!e.claim || !lesson.pairs[e.of]) return false
    const needed = [...new Needs(lesson).measure(e.of).states.keys()].filter((s) => changed.has(s))
    return step === 'explain' ? !needed.length : needed.length > 0 && needed.every((s) => answers.of(s))
  })
}

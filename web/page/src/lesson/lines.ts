// Series of a lesson's charts, from what came.
import { mean, weekly } from '../engine/series'
import type { Colour } from '../ui/colours'
import { t } from '../words'
import type { Answers } from './measure'
import { tickOf } from './measure'
import type { Chart, Lesson } from './types'

export interface Line { name: string; colour: Colour; dashed: boolean; weeks: Float64Array; mean: Float64Array }

// The first state is what others are held against; lines differ in stroke too, for those who do not tell colours apart.
const colours: Colour[] = ['blue', 'vermilion', 'green', 'purple']

export function colourOf(lesson: Lesson, state: string): Colour {
  return colours[Math.max(0, Object.keys(lesson.states).indexOf(state)) % colours.length]
}

/** ofMeasure is the colour of the state that a measure is of. */
export function ofMeasure(lesson: Lesson, id: string): Colour {
  const m = lesson.measures.find((x) => x.id === id)
  if (m?.args) return ofMeasure(lesson, m.args[0])
  return m?.run ? colourOf(lesson, m.run) : 'neutral'
}

/** lines is the prices of a chart's runs that have come, under the first seed. */
export function lines(answers: Answers, chart: Chart): Line[] {
  return (chart.runs ?? []).flatMap((state) => {
    const run = answers.of(state)?.run
    if (!run) return []
    const hub = run.world.hubs.findIndex((h) => h.id === chart.hub)
    const good = run.world.goods.findIndex((g) => g.id === chart.good)
    const colour = colourOf(answers.lesson, state)
    return [{ name: t(answers.lesson.names[state]), colour, dashed: colour === 'vermilion' || colour === 'purple', weeks: weekly(run, hub, good), mean: mean(run, hub, good) }]
  })
}

/** quarters are stretches of thirteen weeks of a chart, for its table. */
export function quarters(answers: Answers, chart: Chart, until?: string): { from: number; to: number }[] {
  const run = answers.of(chart.runs![0])!.run
  const last = Math.min(tickOf(run, chart.to!), until ? tickOf(run, until) - 1 : Infinity, run.weeks - 1)
  const out = []
  for (let from = Math.max(0, tickOf(run, chart.from!)); from <= last; from += 13) out.push({ from, to: Math.min(from + 12, last) })
  return out
}

/** meanOf is the mean of a stretch; NaN where there is nothing. */
export function meanOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  let n = 0
  for (let i = from; i <= to && i < values.length; i++) {
    if (!(values[i] > 0)) continue
    sum += values[i]
    n++
  }
  return sum / n
}

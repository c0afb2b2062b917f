// Series that charts show, from the columns of a run.
import type { Run } from './run'
import type { Week } from './types'

const month = 4 // weeks

/** weekly is the price of each week that came; NaN where nothing was sold. */
export function weekly(run: Run, hub: number, good: number): Float64Array {
  const price = run.of(run.price, hub, good)
  const out = new Float64Array(run.weeks)
  for (let t = 0; t < run.weeks; t++) out[t] = price[t] < 0 ? NaN : price[t]
  return out
}

/** mean is the price of the last four weeks, by units sold; NaN where none was. It is what lines show: single weeks are noise. */
export function mean(run: Run, hub: number, good: number): Float64Array {
  const out = new Float64Array(run.weeks)
  for (let t = 0; t < run.weeks; t++) out[t] = meanAt(run, hub, good, t)
  return out
}

export function meanAt(run: Run, hub: number, good: number, tick: number): number {
  const price = run.of(run.price, hub, good)
  const units = run.of(run.units, hub, good)
  let value = 0
  let sold = 0
  for (let t = Math.max(0, tick - month + 1); t <= tick && t < run.weeks; t++) {
    if (price[t] < 0) continue
    value += price[t] * units[t]
    sold += units[t]
  }
  return sold ? value / sold : NaN
}

/** column reads one number of each week that came; NaN where it is not there. */
export function column(run: Run, read: (week: Week) => number | undefined): Float64Array {
  const out = new Float64Array(run.weeks).fill(NaN)
  for (let t = 0; t < run.weeks; t++) {
    const w = run.week[t]
    if (w) out[t] = read(w) ?? NaN
  }
  return out
}

/** binned adds up a series by stretches of weeks; rate makes it a mean per week. */
export function binned(values: ArrayLike<number>, bin: number, rate = false): Float64Array {
  const out = new Float64Array(Math.ceil(values.length / bin))
  for (let t = 0; t < values.length; t++) out[Math.floor(t / bin)] += values[t] || 0
  if (rate) for (let i = 0; i < out.length; i++) out[i] /= Math.min(bin, values.length - i * bin)
  return out
}

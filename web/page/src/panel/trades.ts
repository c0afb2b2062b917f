// Sums over the weeks of one market.
import type { HubRun } from '../engine/run'

export interface Deal { seller: string; buyer: string; origin: number; units: number; value: number }

/** deal adds up who sold to whom from one week to another (both included), the largest first. */
export function deal(run: HubRun, good: number, from: number, to: number): Deal[] {
  const all = new Map<string, Deal>()
  for (let t = from; t <= to; t++) {
    for (const [seller, buyer, origin, units, value] of run.good(t, good)?.trades ?? []) {
      const key = `${seller} ${buyer} ${origin}`
      const d = all.get(key)
      if (d) {
        d.units += units
        d.value += value
      } else all.set(key, { seller, buyer, origin, units, value })
    }
  }
  return [...all.values()].sort((a, b) => b.units - a.units || b.value - a.value)
}

/** pile returns the parts of the price (by component, then stretch of weeks), means over the units sold, and their sum. */
export function pile(run: HubRun, good: number, components: number, bin: number): { values: Float64Array[]; price: Float64Array } {
  const bins = Math.ceil(run.weeks / bin)
  const values = Array.from({ length: components }, () => new Float64Array(bins))
  const units = new Float64Array(bins)
  for (let t = 0; t < run.weeks; t++) {
    const g = run.good(t, good)
    if (!g?.cost || g.units <= 0) continue
    const b = Math.floor(t / bin)
    units[b] += g.units
    g.cost.forEach((cfa, c) => (values[c][b] += cfa * g.units))
  }
  const price = new Float64Array(bins)
  for (let b = 0; b < bins; b++) {
    for (const v of values) {
      if (units[b]) v[b] /= units[b]
      price[b] += v[b]
    }
  }
  return { values, price }
}

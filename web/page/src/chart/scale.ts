// Axes: round numbers, dates, and where they fall.
import { dateOf } from '../engine/run'
import { month } from '../words'

export interface Stop { at: number; label: string; strong: boolean }

/** step is the distance of about n stops over a span: 1, 2, 2.5 or 5 times a power of ten. */
export function step(span: number, n: number): number {
  if (!(span > 0)) return 1
  const raw = span / n
  const power = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 2.5, 5].find((m) => m * power >= raw * 0.999) ?? 10) * power
}

/** stops returns about n round numbers from low to high. */
export function stops(low: number, high: number, n: number): number[] {
  const by = step(high - low, n)
  const out: number[] = []
  for (let k = Math.ceil(low / by - 1e-9); k * by <= high + by * 1e-9; k++) out.push(k * by + 0) // + 0: no minus zero
  return out
}

/** dates returns the beginnings of years (and of quarters or months where there is room) in weeks since the start. */
export function dates(start: string, weeks: number, width: number): Stop[] {
  const room = width / weeks // of a week
  const every = room * 4.35 > 46 ? 1 : room * 13 > 52 ? 3 : 12 // months
  const end = dateOf(start, weeks)
  const out: Stop[] = []
  let [y, m] = start.split('-').map(Number)
  for (;;) {
    const date = `${y}-${String(m).padStart(2, '0')}-01`
    if (date >= end) return out
    if ((m - 1) % every === 0 && date >= start) out.push({ at: weekOf(start, date), label: m === 1 || every === 12 ? String(y) : month(date).split(' ')[0], strong: m === 1 })
    if (++m > 12) [y, m] = [y + 1, 1]
  }
}

/** weekOf is a date in weeks (with fractions) since the start. */
export function weekOf(start: string, date: string): number {
  return (Date.parse(date + 'T00:00:00Z') - Date.parse(start + 'T00:00:00Z')) / (7 * 864e5)
}

/** top is where an axis from 0 ends so that the highest value has room above. */
export function top(high: number, n: number): number {
  if (!(high > 0)) return 1
  const by = step(high * 1.06, n)
  return Math.ceil((high * 1.04) / by - 1e-9) * by
}

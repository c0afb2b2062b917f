// Axes of charts over months.

export interface Line { name: string; values: (number | null)[]; colour: string; dashed?: boolean; width?: number }
export interface Band { low: (number | null)[]; high: (number | null)[]; colour: string; opacity: number }

/** ticks puts about n round numbers (steps of 1, 2 or 5 times a power of ten) on a range, and widens it to the outermost, unless only a little lies beyond. */
export function ticks(low: number, high: number, n: number): { low: number; high: number; at: number[] } {
  const span = high - low || 1
  const raw = span / n
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].find((m) => m * power >= raw * 0.999)! * power
  const little = 0.3
  const [first, last] = [Math.floor(low / step + little), Math.ceil(high / step - 1e-9)]
  const at: number[] = []
  for (let k = first; k <= Math.max(last, first + 1); k++) at.push(k * step)
  return { low: Math.min(low, at[0]), high: at.at(-1)!, at }
}

export interface Mark { at: number; label: string }

/** marksOf puts events on an axis of months, one mark a place. */
export function marksOf(months: string[], events: { date: string; label: string }[]): Mark[] {
  const start = monthsSince(months[0] + '-01')
  const marks = new Map<number, string[]>()
  for (const e of events) {
    const at = Math.round(4 * (monthsSince(e.date) - start)) / 4
    if (at >= 0 && at <= months.length - 1) marks.set(at, [...new Set([...(marks.get(at) ?? []), e.label])])
  }
  return [...marks].map(([at, labels]) => ({ at, label: labels.join('; ') }))
}

function monthsSince(date: string): number {
  const [y, m, d] = date.split('-').map(Number)
  return 12 * y + m + (d - 1) / 31
}

/** years are the positions of January, thinned where labels would touch. */
export function years(months: string[], width: number): { at: number; label: string }[] {
  const all = months.flatMap((m, at) => (m.endsWith('-01') ? [{ at, label: m.slice(0, 4) }] : []))
  const every = Math.max(1, Math.ceil((all.length * 40) / Math.max(1, width - 70)))
  return all.filter((_, i) => i % every === 0)
}

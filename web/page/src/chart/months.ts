// Axes of charts over months.

export interface Line { name: string; values: (number | null)[]; colour: string; dashed?: boolean; width?: number }
export interface Band { low: (number | null)[]; high: (number | null)[]; colour: string; opacity: number }

/** ticks widens a range to round numbers, about n of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, n: number): { low: number; high: number; at: number[] } {
  const span = high - low || 1
  const raw = span / n
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].find((m) => m * power >= raw * 0.999)! * power
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)]
  const at: number[] = []
  for (let k = first; k <= Math.max(last, first + 1); k++) at.push(k * step)
  return { low: at[0], high: at.at(-1)!, at }
}

/** years are the positions of January, thinned where labels would touch. */
export function years(months: string[], width: number): { at: number; label: string }[] {
  const all = months.flatMap((m, at) => (m.endsWith('-01') ? [{ at, label: m.slice(0, 4) }] : []))
  const every = Math.max(1, Math.ceil((all.length * 40) / Math.max(1, width - 70)))
  return all.filter((_, i) => i % every === 0)
}

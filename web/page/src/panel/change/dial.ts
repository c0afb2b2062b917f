// Where a value lies on a slider. A range that spans powers of ten is stretched, so that the small values, which matter as much, have room.
import type { Parameter } from '../../engine/types'

export const positions = 200 // of a slider, end to end

/** A dial maps positions 0..positions to values and back, both ways rising. */
export interface Dial { value(position: number): number; position(value: number): number }

export type Kind = 'whole' | 'number' | 'switch' | 'choice'

export function kindOf(p: Parameter): Kind {
  if (p.choices?.length) return 'choice'
  if (p.default === 'true' || p.default === 'false') return 'switch'
  return p.type === 'int' || (p.type as string) === 'whole number' ? 'whole' : 'number'
}

/** dial lays out a range [low, high] so that the middle value is not crowded at one end: where it lies in the lowest tenth, the scale is exponential. */
export function dial(low: number, high: number, middle: number, whole: boolean): Dial {
  const span = high - low
  const at = (middle - low) / span
  // low + span (e^(k s)-1)/(e^k-1) for s in 0..1 puts the middle value at one half if k = 2 ln(1/at - 1).
  const k = at > 0.1 ? 0 : 2 * Math.log(1 / Math.max(at, 1e-3) - 1)
  const value = (position: number) => {
    const s = position / positions
    return neat(low + span * (k ? Math.expm1(k * s) / Math.expm1(k) : s), low, high, whole)
  }
  const position = (x: number) => {
    const share = Math.min(1, Math.max(0, (x - low) / span))
    return Math.round(positions * (k ? Math.log1p(share * Math.expm1(k)) / k : share))
  }
  return { value, position }
}

/** neat rounds to two or three figures, within the range: a slider is not a place for more. */
function neat(x: number, low: number, high: number, whole: boolean): number {
  const rough = Math.abs(x) >= 1e-9 ? Number(x.toPrecision(Math.abs(high - low) / Math.abs(x) > 50 ? 2 : 3)) : 0
  return Math.min(high, Math.max(low, whole ? Math.round(rough) : rough))
}

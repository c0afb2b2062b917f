// Finding what lies where on the map.
import type { Bends, Spots } from './paint'

const arm = 7 // pixels about a road that belong to it

/** road returns the arc nearest to a point among those that are drawn, or -1. */
export function road(bends: Bends, width: (arc: number) => number, x: number, y: number): number {
  let best = -1
  let least = arm
  for (let a = 0; 6 * a < bends.length; a++) {
    const w = width(a)
    if (!w) continue
    const d = distance(bends, 6 * a, x, y) - w / 2
    if (d < least) [best, least] = [a, d]
  }
  return best
}

/** distance from a bend, at eleven points of it; between them it is a little nearer. */
function distance(at: Bends, i: number, x: number, y: number): number {
  const between = Math.hypot(at[i + 4] - at[i], at[i + 5] - at[i + 1]) / 20
  let least = Infinity
  for (let s = 0; s <= 1.001; s += 0.1) {
    const u = 1 - s
    const dx = u * u * at[i] + 2 * u * s * at[i + 2] + s * s * at[i + 4] - x
    const dy = u * u * at[i + 1] + 2 * u * s * at[i + 3] + s * s * at[i + 5] - y
    least = Math.min(least, Math.hypot(dx, dy))
  }
  return Math.max(0, least - between)
}

const ways: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** beside returns the nearest of some hubs in the direction of an arrow key (within 45 degrees), -1 if there is none, null if the key is no arrow. */
export function beside(spots: Spots, among: number[], from: number, key: string): number | null {
  const way = ways[key]
  if (!way) return null
  let best = -1
  let least = Infinity
  for (const h of among) {
    const dx = spots[2 * h] - spots[2 * from]
    const dy = spots[2 * h + 1] - spots[2 * from + 1]
    const along = dx * way[0] + dy * way[1]
    const across = Math.abs(dx * way[1]) + Math.abs(dy * way[0])
    if (h !== from && along > 0 && along >= across && along + 2 * across < least) [best, least] = [h, along + 2 * across]
  }
  return best
}

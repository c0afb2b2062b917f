// The answer of prices to a change, in sentences.
import type { Run } from '../engine/run'
import type { World } from '../engine/types'
import { f, int, month, rate, signed, t } from '../words'

const alike = 0.005 // a relative change below which a price is said to stay

interface Shift { hub: number; before: number | null; after: number | null; relative: number }

/** An answer in sentences, and in few words for small screens. */
export interface Answer { parts: string[]; short: string; hub: number } // that which moved most, -1: none

/** answerOf says what became of the prices of hubs, that which moved most first. */
export function answerOf(before: Run, after: Run, hubs: number[], good: number): Answer {
  const world = after.world
  const [from, to] = world.compare.after
  const shifts = hubs.map((hub) => shift(before, after, hub, good, from, to)).filter((s) => s.before !== null || s.after !== null)
  shifts.sort((a, b) => Math.abs(b.relative) - Math.abs(a.relative))
  if (!shifts.length) return { parts: [t('None of the towns shown trades this good in the period compared.')], short: t('no trade'), hub: -1 }
  const [first, ...others] = shifts
  const period = f('mean of %s to %s', month(after.date(from)), month(after.date(to)))
  const head = sentence(world, first, good, period)
  const inShort = (s: Shift) => `${t(world.hubs[s.hub].name)} ${s.before === null || s.after === null ? t('no trade') : signed(rate(s.relative))}`
  const more = others.slice(0, 3).map(inShort)
  return { parts: more.length ? [head, more.join(', ') + '.'] : [head], short: [first, ...others].slice(0, 3).map(inShort).join(', '), hub: first.hub }
}

function shift(before: Run, after: Run, hub: number, good: number, from: number, to: number): Shift {
  const [b, a] = [before.mean(hub, good, from, to), after.mean(hub, good, from, to)]
  return { hub, before: b, after: a, relative: b !== null && a !== null ? a / b - 1 : b === null && a === null ? 0 : Infinity }
}

function sentence(world: World, s: Shift, good: number, period: string): string {
  const [hub, unit] = [t(world.hubs[s.hub].name), t(world.goods[good].unit)]
  if (s.after === null) return f('%s no longer trades; before: %s CFA per %s (%s).', hub, int(round3(s.before!)), unit, period)
  if (s.before === null) return f('%s trades now: %s CFA per %s (%s).', hub, int(round3(s.after)), unit, period)
  const [from, to] = [int(round3(s.before)), int(round3(s.after))]
  if (Math.abs(s.relative) < alike) return f('In %s the price hardly moves: %s CFA per %s (%s).', hub, to, unit, period)
  const share = rate(Math.abs(s.relative))
  return s.relative > 0
    ? f('In %s the price rises by %s: from %s to %s CFA per %s (%s).', hub, share, from, to, unit, period)
    : f('In %s the price falls by %s: from %s to %s CFA per %s (%s).', hub, share, from, to, unit, period)
}

/** round3 keeps three figures: more would be read as more than a model knows. */
export function round3(x: number): number {
  return Number(x.toPrecision(3))
}

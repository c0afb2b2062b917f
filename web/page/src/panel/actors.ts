// What tables and charts show of groups, networks, roads and what is taken: read from the weeks of a run.
import { dateOf, type Run } from '../engine/run'
import { binned, column } from '../engine/series'
import type { Line, Plot } from '../chart/time'
import { originColour, type Colour } from '../ui/colours'
import type { Sheet } from '../ui/save'
import * as names from '../ui/names'
import { f, fixed, int, t } from '../words'

const year = 52 // weeks

export interface GroupRow { index: number; exists: boolean; fighters: number; cash: number; spent: number; held: number }

/** groups reads all groups at a week; money in thousand CFA, spending over the last year. */
export function groups(run: Run, tick: number, good: number): GroupRow[] {
  const out = run.world.groups.map((_, index): GroupRow => ({ index, exists: false, fighters: 0, cash: 0, spent: 0, held: 0 }))
  for (let w = Math.max(0, tick - year + 1); w <= tick; w++) for (const row of run.week[w]?.g ?? []) out[row[0]].spent += row[3]
  for (const row of run.week[tick]?.g ?? []) Object.assign(out[row[0]], { exists: true, fighters: row[1], cash: row[2], held: row[4 + good] ?? 0 })
  return out.sort((a, b) => Number(b.exists) - Number(a.exists) || a.index - b.index)
}

export interface NetworkRow { index: number; carriers: number; active: number; profit: number; turnover: number }

/** networks reads all networks at a week; profit and sales of the last year, thousand CFA. */
export function networks(run: Run, tick: number): NetworkRow[] {
  const then = run.week[tick - year]?.n ?? []
  return (run.week[tick]?.n ?? []).map(([index, carriers, active, profit, turnover]) => {
    const old = then.find((r) => r[0] === index)
    const first = old ?? run.week[0]?.n.find((r) => r[0] === index)
    return { index, carriers, active, profit: profit - (first?.[3] ?? 0), turnover: turnover - (first?.[4] ?? 0) }
  })
}

export interface Detail { title: string; plot: Plot; say: (v: number) => string }

function plot(run: Run, lines: Line[], unit: string, format: (v: number) => string, bin?: number): Plot {
  return { start: run.world.start, weeks: run.world.weeks, lines, unit, format, bin, key: lines.length > 1 }
}

const millions = (v: number) => f('%s million CFA', fixed(v, 1))
const short = (v: number) => fixed(v, v % 1 ? 1 : 0)

export function ofGroup(run: Run, group: number, good: number, goodName: string): Detail[] {
  const of = (k: number, by = 1) => column(run, (w) => {
    const v = w.g.find((r) => r[0] === group)?.[k]
    return v == null ? undefined : v / by
  })
  return [
    { title: t('fighters'), plot: plot(run, [{ name: t('fighters'), colour: 'ink', values: of(1) }], t('People'), int), say: int },
    { title: f('held: %s', goodName), plot: plot(run, [{ name: goodName, colour: 'blue', values: of(4 + good) }], t('Units'), int), say: int },
    { title: t('cash'), plot: plot(run, [{ name: t('cash'), colour: 'green', values: of(2, 1000) }], t('Million CFA'), short), say: millions },
    { title: t('spent on arms'), plot: plot(run, [{ name: t('spent on arms'), colour: 'vermilion', values: binned(of(3, 1000), 13), area: true }], t('Million CFA in 13 weeks'), short, 13), say: millions },
  ]
}

export function ofNetwork(run: Run, network: number): Detail[] {
  const of = (k: number) => column(run, (w) => w.n.find((r) => r[0] === network)?.[k])
  const gains = (k: number) => binned(of(k).map((v, i, all) => (i ? (v - all[i - 1]) / 1000 : 0)), 13)
  return [
    { title: t('carriers'), plot: plot(run, [{ name: t('carriers'), colour: 'neutral', values: of(1), tag: true }, { name: t('with arms'), colour: 'blue', values: of(2), tag: true }], t('People'), int), say: int },
    { title: t('sales of arms'), plot: plot(run, [{ name: t('sales of arms'), colour: 'sky', values: gains(4), area: true }], t('Million CFA in 13 weeks'), short, 13), say: millions },
    { title: t('profit from arms'), plot: plot(run, [{ name: t('profit from arms'), colour: 'green', values: gains(3), area: true }], t('Million CFA in 13 weeks'), short, 13), say: millions },
  ]
}

/** byOrigin makes bars of a flow by origin: mean units a week over stretches of weeks. */
function byOrigin(run: Run, read: (tick: number, add: (origin: number, units: number) => void) => void): Line[] {
  const by = run.world.origins.map(() => new Float64Array(run.weeks))
  for (let tick = 0; tick < run.weeks; tick++) read(tick, (origin, units) => (by[origin][tick] += units))
  return by.flatMap((values, o) => {
    if (!values.some((v) => v > 0)) return []
    return [{ name: names.origin(run.world, o), colour: originColour(run.world.origins[o]), values: binned(values, bin(run), true), area: true }]
  })
}

function bin(run: Run): number {
  return run.world.weeks > 130 ? 13 : 4
}

export function ofRoad(run: Run, arc: number, good: number) {
  const lost = new Float64Array(run.weeks)
  const units = new Float64Array(run.weeks)
  const lines = byOrigin(run, (tick, add) => {
    for (const row of run.week[tick]?.f ?? []) {
      if (row[0] !== arc || row[1] !== good) continue
      add(row[2], row[3])
      units[tick] += row[3]
      lost[tick] += row[4]
    }
  })
  const since = (of: Float64Array) => (tick: number) => of.slice(Math.max(0, tick - year + 1), tick + 1).reduce((s, v) => s + v, 0)
  if (lost.some((v) => v > 0)) lines.push({ name: t('of them lost'), colour: 'ink', values: spread(binned(lost, bin(run), true), bin(run), run.weeks) })
  return { plot: plot(run, lines, f('Units a week, mean of %s weeks', int(bin(run))), short, bin(run)), any: lines.length > 0, units: since(units), lost: since(lost) }
}

/** spread writes the value of a stretch at each of its weeks, for lines beside bars. */
function spread(values: Float64Array, bin: number, weeks: number): Float64Array {
  return new Float64Array(weeks).map((_, t) => values[Math.floor(t / bin)])
}

export interface RoadRow { arc: number; to: boolean; hub: number; days: number; units: number; lost: number; main: number }

/** roadsOf lists the roads of a hub and what went over them in the last year, both ways, the busiest first. */
export function roadsOf(run: Run, hub: number, tick: number, good: number): RoadRow[] {
  const rows = new Map<number, RoadRow & { by: number[] }>()
  run.world.arcs.forEach(({ from, to, days }, arc) => {
    if (from === hub || to === hub) rows.set(arc, { arc, to: to === hub, hub: to === hub ? from : to, days, units: 0, lost: 0, main: -1, by: run.world.origins.map(() => 0) })
  })
  for (let w = Math.max(0, tick - year + 1); w <= tick; w++) {
    for (const [arc, g, origin, units, lost] of run.week[w]?.f ?? []) {
      const row = rows.get(arc)
      if (!row || g !== good) continue
      row.units += units
      row.lost += lost
      row.by[origin] += units
    }
  }
  for (const row of rows.values()) if (row.units > 0) row.main = row.by.indexOf(Math.max(...row.by))
  return [...rows.values()].sort((a, b) => b.units - a.units || a.arc - b.arc)
}

/** throughHub makes bars of what came into a hub and what left it. */
export function throughHub(run: Run, hub: number, good: number): Plot {
  const sum = (end: 'from' | 'to') => {
    const out = new Float64Array(run.weeks)
    for (let w = 0; w < run.weeks; w++) for (const row of run.week[w]?.f ?? []) if (row[1] === good && run.world.arcs[row[0]][end] === hub) out[w] += end === 'to' ? row[3] - row[4] : row[3]
    return spread(binned(out, bin(run), true), bin(run), run.weeks)
  }
  const line = (name: string, colour: Colour, values: Float64Array): Line => ({ name, colour, values, tag: true })
  return plot(run, [line(t('arrived'), 'blue', sum('to')), line(t('left|by road'), 'vermilion', sum('from'))], f('Units a week, mean of %s weeks', int(bin(run))), short)
}

export type Taking = 'seized' | 'lost' | 'captured' | 'made'
const column4: Record<Taking, number> = { seized: 2, lost: 3, captured: 4, made: 5 }

export function taken(run: Run, kind: Taking, good: number): Plot {
  const lines = byOrigin(run, (tick, add) => {
    for (const row of run.week[tick]?.s ?? []) if (row[0] === good) add(row[1], row[column4[kind]])
  })
  return plot(run, lines, f('Units a week, mean of %s weeks', int(bin(run))), short, bin(run))
}

/** takenUntil adds up what entered and left the market up to a week, by origin. */
export function takenUntil(run: Run, tick: number, good: number) {
  const out = run.world.origins.map((_, origin) => ({ origin, made: 0, seized: 0, lost: 0, captured: 0 }))
  for (let w = 0; w <= tick; w++) {
    for (const [g, o, seized, lost, captured, made] of run.week[w]?.s ?? []) {
      if (g !== good) continue
      out[o].made += made
      out[o].seized += seized
      out[o].lost += lost
      out[o].captured += captured
    }
  }
  return out.filter((x) => x.made + x.captured > 0)
}

/** sheet writes a plot as a table of its weeks or stretches of weeks. */
export function sheet(plot: Plot): Sheet {
  const bars = plot.lines.some((l) => l.area)
  const by = bars ? plot.bin ?? 1 : 1
  const rows = Math.max(0, ...plot.lines.filter((l) => !!l.area === bars).map((l) => l.values.length))
  const value = (l: Line, i: number) => {
    const at = l.area || !bars ? i : i * by
    const v = l.dots && Number.isNaN(l.values[at]) ? l.dots[at] : l.values[at]
    return v == null || Number.isNaN(v) ? null : Math.round(v * 1000) / 1000
  }
  return { columns: [t('week (Monday)'), ...plot.lines.map((l) => l.name)], rows: Array.from({ length: rows }, (_, i) => [dateOf(plot.start, i * by), ...plot.lines.map((l) => value(l, i))]) }
}

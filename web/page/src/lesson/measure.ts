// The numbers that a lesson speaks of, reckoned from what the engine answered. web/lessons/runs_test.go reckons them from a run's tables.
import type { HubRun, Run } from '../engine/run'
import type { Compared } from '../engine/types'
import type { Lesson, Measure, Reference } from './types'

/** What came for one state under one seed. */
export interface Came { run: Run; hubs: Map<string, HubRun>; reference?: Reference }

/** All that came, by name of the state and seed. */
export class Answers {
  readonly came = new Map<string, Came>()
  compared: Compared | null = null

  constructor(readonly lesson: Lesson, readonly seeds: string[]) {}

  of(state: string, seed = this.seeds[0]): Came | undefined {
    return this.came.get(state + ' ' + seed)
  }

  put(state: string, seed: string, came: Came): void {
    this.came.set(state + ' ' + seed, came)
  }

  /** value is a measure's mean over the seeds (of `above` the number of seeds), NaN where it is not known. */
  value(id: string): number {
    const m = this.measure(id)
    if (!m) return NaN
    switch (m.is) {
      case 'first': return this.each(m.args![0])[0]
      case 'lowest': return Math.min(...this.each(m.args![0]))
      case 'highest': return Math.max(...this.each(m.args![0]))
      case 'above': return this.each(m.args![0]).filter((x) => x > (m.than ?? 0)).length
    }
    const all = this.each(id)
    return all.reduce((sum, x) => sum + x, 0) / all.length
  }

  /** each is the measure under every seed. */
  each(id: string): number[] {
    return this.seeds.map((seed) => this.under(id, seed))
  }

  private measure(id: string): Measure | undefined {
    return this.lesson.measures.find((m) => m.id === id)
  }

  private under(id: string, seed: string): number {
    const m = this.measure(id)
    if (!m) return NaN
    if (m.is) return derived(m, m.args!.map((arg) => this.under(arg, seed)))
    if (m.of === 'ensemble') return ensemble(m, this.compared)
    const came = this.of(m.run!, seed)
    return came ? read(m, came) : NaN
  }
}

function derived(m: Measure, x: number[]): number {
  switch (m.is) {
    case 'minus': return x[0] - x[1]
    case 'plus': return x[0] + x[1]
    case 'over': return x[0] / x[1]
    case 'change': return x[0] / x[1] - 1
    case 'compound': return (1 + x[0]) * (1 + x[1]) - 1
    case 'rest': return 1 - x[0]
    case 'share': return Math.max(0, x[0]) / x.reduce((sum, y) => sum + Math.max(0, y), 0)
  }
  return NaN
}

function ensemble(m: Measure, compared: Compared | null): number {
  const effect = compared?.effects.find((e) => !e.before && e.hub === compared.hub && e.good === compared.good)
  if (!effect) return NaN
  if (m.part === 'verdict') return effect.verdict === 'raises' ? 1 : effect.verdict === 'lowers' ? -1 : 0
  return effect[m.part as 'low' | 'high' | 'difference'] ?? NaN
}

/** tickOf is the week of a date in a run. */
export function tickOf(run: Run, date: string): number {
  return Math.floor((Date.parse(date) - Date.parse(run.world.start)) / (7 * 864e5))
}

const outside = ['libya', 'sudan', 'nigeria'] // origins of what stockholders sell

function read(m: Measure, came: Came): number {
  const { run } = came
  const from = m.from ? tickOf(run, m.from) : 0
  const to = Math.min(m.to ? tickOf(run, m.to) : 0, run.weeks - 1)
  const at = m.week ? Math.min(tickOf(run, m.week), run.weeks - 1) : 0
  const hub = run.world.hubs.findIndex((h) => h.id === m.hub)
  const good = run.world.goods.findIndex((g) => g.id === m.good)
  const weeks = to - from + 1
  switch (m.of) {
    case 'price': return hundred(mean(from, to, (t) => priceAt(run, hub, good, t)))
    case 'units': return total(from, to, (t) => run.of(run.units, hub, good)[t]) / weeks
    case 'cost': return costs(came, m.hub!, good, from, to)[run.world.components.indexOf(m.part!)]
    case 'stored': return total(from, to, (t) => came.hubs.get(m.hub!)?.good(t, good)?.stored ?? 0) / weeks
    case 'flow': {
      const arcs = into(run, m)
      return total(from, to, (t) => add(run.week[t].f, (f) => (arcs.has(f[0]) && f[1] === good ? f[3] : 0))) / weeks
    }
    case 'seized': case 'captured': case 'made': {
      const column = { seized: 2, captured: 4, made: 5 }[m.of]
      const counts = (origin: string) => !m.part || (m.part === 'outside' ? outside.includes(origin) : origin === m.part)
      return total(from, to, (t) => add(run.week[t].s ?? [], (s) => (s[0] === good && counts(run.world.origins[s[1]]) ? s[column] : 0))) / weeks
    }
    case 'registered': {
      const programme = run.world.programmes.findIndex((p) => p.id === m.part)
      return run.week[at].d?.find((d) => d[0] === programme)?.[1] ?? 0
    }
    case 'book': return book(m, came, at, good)
    case 'reference': return referred(m, came.reference)
  }
  return NaN
}

function priceAt(run: Run, hub: number, good: number, tick: number): number {
  const price = run.of(run.price, hub, good)[tick]
  return price < 0 ? NaN : price
}

/** hundred rounds a sum of money as lessons speak of it, so that what they show adds up. */
function hundred(cfa: number): number {
  return 100 * Math.floor(cfa / 100 + 0.5)
}

/** costs is the mean price of some weeks by component, in hundreds that add up to the price. */
export function costs(came: Came, hub: string, good: number, from: number, to: number): number[] {
  const at = (t: number, k: number) => came.hubs.get(hub)?.good(t, good)?.cost?.[k] ?? NaN
  return apportioned(came.run.world.components.map((_, k) => mean(from, to, (t) => at(t, k))))
}

/** apportioned rounds parts to hundreds whose sum is the sum of all, rounded: first down, and then those up that lost most. */
export function apportioned(parts: number[]): number[] {
  const out = parts.map((x) => 100 * Math.floor(x / 100))
  const missing = (hundred(parts.reduce((sum, x) => sum + x, 0)) - out.reduce((sum, x) => sum + x, 0)) / 100
  const order = parts.map((x, k) => ({ k, lost: x - out[k] })).sort((a, b) => b.lost - a.lost || a.k - b.k)
  for (const { k } of order.slice(0, Math.round(missing))) out[k] += 100
  return out
}

/** into returns the arcs of a measure of flow: one, or all that lead into a hub. */
function into(run: Run, m: Measure): Set<number> {
  const id = (h: number) => run.world.hubs[h].id
  const wanted = (a: { from: number; to: number }) => (m.arc ? `${id(a.from)}>${id(a.to)}` === m.arc : id(a.to) === m.hub)
  return new Set(run.world.arcs.flatMap((a, i) => (wanted(a) ? [i] : [])))
}

function add(rows: number[][], of: (row: number[]) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0)
}

function total(from: number, to: number, at: (tick: number) => number): number {
  let sum = 0
  for (let t = Math.max(0, from); t <= to; t++) sum += at(t)
  return sum
}

/** mean leaves out weeks without a value: where nothing was sold there is no price. */
function mean(from: number, to: number, at: (tick: number) => number): number {
  let sum = 0
  let n = 0
  for (let t = Math.max(0, from); t <= to; t++) {
    const x = at(t)
    if (Number.isNaN(x)) continue
    sum += x
    n++
  }
  return sum / n
}

/** book reads a book: its price and units, what was wanted and not served, and what each side gained by trading at one price. */
function book(m: Measure, came: Came, at: number, good: number): number {
  const of = came.hubs.get(m.hub!)?.good(at, good)
  if (!of?.book) return NaN
  switch (m.part) {
    case 'price': return of.price < 0 ? NaN : of.price
    case 'units': return of.units
    case 'left': return of.book.bid.reduce((sum, [, units]) => sum + units, 0) - of.units
    case 'buyers': return gain(of.book.bid, of.price, of.units)
    case 'sellers': return gain(of.book.ask, of.price, of.units)
  }
  return NaN
}

function gain(side: [number, number][], price: number, units: number): number {
  let sum = 0
  for (const [limit, offered] of side) {
    const taken = Math.min(units, offered)
    units -= taken
    sum += taken * Math.abs(limit - price)
  }
  return sum
}

function referred(m: Measure, r: Reference | undefined): number {
  if (!r) return NaN
  switch (m.part) {
    case 'price': return r.price < 0 ? NaN : r.price
    case 'units': return r.units
    case 'mean': return r.spatial.mean
    case 'space': return r.spatial.price
    case 'cost': return r.spatial.sources[0]?.cost ?? NaN
    case 'source': return r.spatial.sources[0]?.price ?? NaN
    case 'shouts': return r.zero_intelligence?.mean ?? NaN
    case 'shouted': return r.zero_intelligence?.units ?? NaN
    case 'efficiency': return r.zero_intelligence?.efficiency ?? NaN
  }
  return NaN
}

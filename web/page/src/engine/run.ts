import type { HubGood, HubWeek, State, Week, World } from './types'

const nothing = -1

/** Run holds what came of a run so far, in columns by week: charts read a stretch of weeks, the map one week. */
export class Run {
  weeks = 0 // that have come
  done = false
  readonly price: Int32Array[] = [] // by hub * goods + good; -1: nothing traded
  readonly units: Int32Array[] = []
  readonly week: Week[] = []

  constructor(readonly world: World, readonly state: State) {
    for (let m = 0; m < world.hubs.length * world.goods.length; m++) {
      this.price.push(new Int32Array(world.weeks).fill(nothing))
      this.units.push(new Int32Array(world.weeks))
    }
  }

  add(w: Week): void {
    this.week[w.t] = w
    for (const [hub, good, price, , , units] of w.p) {
      const m = hub * this.world.goods.length + good
      this.price[m][w.t] = units > 0 ? price : nothing
      this.units[m][w.t] = units
    }
    this.weeks = Math.max(this.weeks, w.t + 1)
  }

  /** of returns the column of a market. */
  of(column: Int32Array[], hub: number, good: number): Int32Array {
    return column[hub * this.world.goods.length + good]
  }

  /** mean is the price of a market over weeks from..to, both inclusive, weighted by units sold; null where nothing was sold. */
  mean(hub: number, good: number, from: number, to: number): number | null {
    const price = this.of(this.price, hub, good)
    const units = this.of(this.units, hub, good)
    let value = 0
    let sold = 0
    for (let t = Math.max(0, from); t <= Math.min(to, this.weeks - 1); t++) {
      if (price[t] === nothing) continue
      value += price[t] * units[t]
      sold += units[t]
    }
    return sold ? value / sold : null
  }

  /** months are the calendar months of the run with their weeks, both inclusive. */
  months(): { month: string; from: number; to: number }[] {
    const out: { month: string; from: number; to: number }[] = []
    for (let t = 0; t < this.world.weeks; t++) {
      const month = this.date(t).slice(0, 7)
      if (out.at(-1)?.month === month) out.at(-1)!.to = t
      else out.push({ month, from: t, to: t })
    }
    return out
  }

  /** date is the Monday of a week. */
  date(tick: number): string {
    return dateOf(this.world.start, tick)
  }
}

/** HubRun holds what came of one hub. */
export class HubRun {
  weeks = 0
  done = false
  readonly week: HubWeek[] = []

  constructor(readonly hub: number) {}

  add(w: HubWeek): void {
    this.week[w.t] = w
    this.weeks = Math.max(this.weeks, w.t + 1)
  }

  good(tick: number, good: number): HubGood | undefined {
    return this.week[tick]?.goods.find((x) => x.g === good)
  }
}

/** dateOf adds weeks to a date (2021-01-04). */
export function dateOf(start: string, weeks: number): string {
  const at = new Date(start + 'T00:00:00Z')
  at.setUTCDate(at.getUTCDate() + 7 * weeks)
  return at.toISOString().slice(0, 10)
}

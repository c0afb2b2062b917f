// What flows on roads: means of the last weeks, so that the map can be read while it plays.
import type { Run } from '../engine/run'

export const window = 8 // weeks of a mean

/** Roads holds, for one good, what entered each arc by origin and what was lost there, units a week. Its arrays are filled anew for each week and never replaced. */
export class Roads {
  readonly total: Float64Array
  readonly lost: Float64Array
  readonly main: Int8Array // most frequent origin
  private readonly origins: number
  private readonly by: Float64Array
  private counted = 0 // weeks that `busiest` knows
  private readonly ring: Float64Array
  busiest = 1 // most that entered an arc in a week, mean of the window, in the weeks that came: the width of the widest

  constructor(readonly run: Run, readonly good: number) {
    const arcs = run.world.arcs.length
    this.origins = run.world.origins.length
    this.total = new Float64Array(arcs)
    this.lost = new Float64Array(arcs)
    this.main = new Int8Array(arcs)
    this.by = new Float64Array(arcs * this.origins)
    this.ring = new Float64Array(arcs)
  }

  /** at fills the means of the weeks up to a tick. */
  at(tick: number): void {
    this.measure()
    this.total.fill(0)
    this.lost.fill(0)
    this.by.fill(0)
    const first = Math.max(0, tick - window + 1)
    const share = 1 / (tick - first + 1)
    for (let t = first; t <= tick; t++) {
      const flows = this.run.week[t]?.f
      if (!flows) continue
      for (let i = 0; i < flows.length; i++) {
        const row = flows[i]
        if (row[1] !== this.good) continue
        this.total[row[0]] += row[3] * share
        this.lost[row[0]] += row[4] * share
        this.by[row[0] * this.origins + row[2]] += row[3] * share
      }
    }
    for (let a = 0; a < this.total.length; a++) if (this.total[a] > 0) this.main[a] = this.most(a)
  }

  /** of is the flow of one origin on an arc. */
  of(arc: number, origin: number): number {
    return this.by[arc * this.origins + origin]
  }

  private most(arc: number): number {
    let best = 0
    for (let o = 1; o < this.origins; o++) if (this.of(arc, o) > this.of(arc, best)) best = o
    return best
  }

  /** measure follows the busiest arc over the weeks that came since it last looked. */
  private measure(): void {
    for (; this.counted < this.run.weeks; this.counted++) {
      this.turn(this.counted, 1)
      if (this.counted >= window) this.turn(this.counted - window, -1)
      for (let a = 0; a < this.ring.length; a++) if (this.ring[a] > this.busiest * window) this.busiest = this.ring[a] / window
    }
  }

  private turn(tick: number, sign: number): void {
    for (const row of this.run.week[tick]?.f ?? []) if (row[1] === this.good) this.ring[row[0]] += sign * row[3]
  }
}

/** Sales holds what each hub sold of a good, units a week, mean of the window. */
export class Sales {
  readonly units: Float64Array
  busiest = 1

  constructor(readonly run: Run, readonly good: number) {
    this.units = new Float64Array(run.world.hubs.length)
  }

  at(tick: number): void {
    const first = Math.max(0, tick - window + 1)
    for (let h = 0; h < this.units.length; h++) {
      const sold = this.run.of(this.run.units, h, this.good)
      let sum = 0
      for (let t = first; t <= tick; t++) sum += sold[t]
      this.units[h] = sum / (tick - first + 1)
      if (this.units[h] > this.busiest) this.busiest = this.units[h]
    }
  }
}

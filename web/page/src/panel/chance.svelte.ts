// Whether the answer of one draw of luck is more than chance: a few pairs of runs more, which come by themselves while nothing else is asked.
import type { Compared, Effect, Progress, State } from '../engine/types'
import type { Run } from '../engine/run'
import { session } from '../session.svelte'
import { f, percent, signed } from '../words'
import { comparison } from './compare/comparison.svelte'

const rest = 400 // ms: the first answer is drawn before others are asked for
const pairs = { server: 20, wasm: 12 } // a processor of the page's own is slower, and has the drawing to do

/** What came of it, for which question. */
interface Found { effect: Effect; runs: number }

class Chance {
  found = $state.raw<Found | null>(null)
  working = $state(false)
  runs = $state(0) // asked for
  done = $state(0) // share of them, 0 to 1

  private key = ''
  private timer = 0
  private asking: AbortController | null = null

  /** look asks how sure the difference between two runs is, in one market. The same question is asked once. */
  look(before: Run, after: Run, hub: number, good: number): void {
    const key = JSON.stringify([before.state, after.state, hub, good])
    if (key === this.key) return
    this.stop()
    this.key = key
    this.runs = window.ENTREPOT_ENGINE?.kind === 'wasm' ? pairs.wasm : pairs.server
    this.done = 0
    this.working = true
    this.timer = window.setTimeout(() => void this.ask(before.state, after.state, after.world.hubs[hub].id, after.world.goods[good].id, hub, good), rest)
  }

  /** stop gives up: the state is another. */
  stop(): void {
    clearTimeout(this.timer)
    this.asking?.abort()
    this.asking = this.found = null
    this.working = false
    this.key = ''
  }

  private async ask(a: State, b: State, hub: string, good: string, atHub: number, atGood: number): Promise<void> {
    const stop = (this.asking = new AbortController())
    let found: Found | null = null
    if (!comparison.progress) await session.idly('compare', { a, b, runs: this.runs, hub, good }, (line) => {
      if (line.kind === 'progress') this.done = (line as Progress).done / (line as Progress).of
      if (line.kind !== 'compared') return
      const effect = (line as Compared).effects.find((e) => !e.before && e.hub === atHub && e.good === atGood)
      if (effect) found = { effect, runs: (line as Compared).runs }
    }, stop.signal)
    if (this.asking !== stop) return
    this.found = found
    this.working = false
  }
}

/** surely says in a sentence what many draws say of a change of the price somewhere. */
export function surely({ effect: e, runs }: Found, place: string): string {
  const [mean, low, high] = [share(e, e.difference), share(e, e.low), share(e, e.high)]
  switch (true) {
    case e.verdict === 'no difference': return f('Over %s draws of luck: the price in %s is the same in each.', runs, place)
    case e.verdict === 'too few' || !mean || !low || !high: return f('Over %s draws of luck: too few have a price in %s to tell.', runs, place)
    case e.verdict === 'raises' || e.verdict === 'lowers':
      return f('Over %s draws of luck: %s in %s on average, 95 %% interval %s to %s; more than chance.', runs, mean, place, low, high)
    case e.low! * e.high! > 0: // by itself it would count, among all markets looked at it does not
      return f('Over %s draws of luck: %s in %s on average, 95 %% interval %s to %s; with so many markets looked at, it may still be chance.', runs, mean, place, low, high)
  }
  return f('Over %s draws of luck: %s in %s on average, 95 %% interval %s to %s; not distinguishable from no change.', runs, mean!, place, low!, high!)
}

/** shortly says the same where there is little room. */
export function shortly({ effect: e, runs }: Found): string {
  return f('%s draws: %s to %s', runs, share(e, e.low) || '–', share(e, e.high) || '–')
}

function share(e: Effect, x: number | null): string {
  return e.a === null || x === null ? '' : signed(percent(x / e.a, Math.abs(x / e.a) < 0.1 ? 1 : 0))
}

export const chance = new Chance()

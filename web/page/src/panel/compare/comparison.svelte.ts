// What is compared with what, and what came of it; it outlives the room.
import { bare, same } from '../../edit'
import type { Compared, Problem, Progress, State, World } from '../../engine/types'
import type { Run } from '../../engine/run'
import { session } from '../../session.svelte'

/** What A is: the state kept, the scenario without changes, or another scenario by its name. */
export type Side = 'kept' | 'plain' | string

class Comparison {
  side = $state<Side>('plain')
  runs = $state(100)
  progress = $state.raw<Progress | null>(null)
  result = $state.raw<{ compared: Compared; a: State; b: State; world: World } | null>(null) // of the world in which it was asked: the page may show another by now
  problems = $state.raw<Problem[]>([])
  single = $state.raw<Run | null>(null) // of A, on the luck of B
  wrong = $state.raw<Problem[]>([]) // with that run

  private stop: AbortController | null = null
  private stopSingle: AbortController | null = null

  /** a is the state on side A, on the luck of the page. */
  a(): State {
    const seed = session.state.seed
    if (this.side === 'kept' && session.keptState) return { ...session.keptState, seed }
    if (this.side === 'kept' || this.side === 'plain') return plain(session.state)
    return { scenario: this.side, seed }
  }

  keep(): void {
    session.keptState = session.state
    this.side = 'kept'
  }

  /** runSingle runs A once, if it has not been. */
  async runSingle(): Promise<void> {
    const a = this.a()
    if (same(this.single?.state ?? null, a)) return
    this.stopSingle?.abort()
    const known = [session.run, session.previous].find((r) => r?.done && same(r.state, a))
    if (known) {
      this.single = known
      return
    }
    const stop = (this.stopSingle = new AbortController())
    this.wrong = []
    const run = await session.runOnce(a, stop.signal, (problems) => (this.wrong = problems), () => this.runSingle())
    if (!stop.signal.aborted) this.single = run
  }

  async begin(): Promise<void> {
    const world = session.world
    if (!world) return
    this.stop?.abort()
    const stop = (this.stop = new AbortController())
    const [a, b] = [this.a(), session.state]
    this.progress = { kind: 'progress', done: 0, of: 2 * this.runs }
    this.problems = []
    const result = await session.compare(a, b, this.runs, world.hubs[session.hub].id, world.goods[session.good].id, (p) => {
      if (this.stop === stop) this.progress = p
    }, stop.signal, (problems) => (this.problems = problems), () => this.begin())
    if (this.stop !== stop) return
    this.progress = null
    if (result) this.result = { compared: result, a, b, world }
  }

  cancel(): void {
    this.stop?.abort()
    this.stop = null
    this.progress = null
  }
}

/** plain is the scenario of a state without any change. */
function plain(state: State): State {
  const { layers, ...rest } = bare(state)
  void layers
  return rest
}

export const comparison = new Comparison()

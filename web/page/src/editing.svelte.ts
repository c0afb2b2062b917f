// Changing the state from the page: at once in the controls, a moment later in the engine, and back again.
import { bare, same } from './edit'
import type { Run } from './engine/run'
import type { State, World } from './engine/types'
import { session } from './session.svelte'
import { f } from './words'

const pause = 250 // ms after the last touch until a run begins
const together = 1200 // ms within which touches of one control are one step of undo
const steps = 100

/** Tell says in words what a change was, in the language of the moment. */
type Tell = () => string
interface Step { state: State; told: Tell | null }

class Editing {
  /** The world of the scenario with its layers, before anything was changed by hand: what "changed" is measured against. */
  base = $state.raw<World | null>(null)
  /** What the last step was, for the answer of the prices. */
  said = $state.raw<Tell | null>(null)
  saidOf = $state.raw<State | null>(null) // the state that came of it: lessons change states too, and tell them in their own way
  past = $state.raw<Step[]>([])
  future = $state.raw<Step[]>([])

  private told: Tell | null = null // what made the state of the page
  private before: Run | null = null // the run before the last step, if it came to its end
  private timer = 0
  private lastKey = ''
  private lastAt = 0
  private baseOf: State | null = null
  private asking: AbortController | null = null

  /** apply makes a state that of the page. Touches of one control in a row (the same key) are one step. */
  apply(state: State, told: Tell, key = '', wait = pause): void {
    if (same(state, session.state)) return
    const now = performance.now()
    const goesOn = key !== '' && key === this.lastKey && now - this.lastAt < together
    this.lastKey = key
    this.lastAt = now
    if (!goesOn) this.past = [...this.past, { state: session.state, told: this.told }].slice(-steps)
    this.future = []
    this.said = told
    this.lay({ state, told }, this.past.at(-1)!.state, wait)
  }

  /** note keeps the way back from a state that a lesson lays under the page. */
  note(state: State, told: Tell): void {
    if (same(state, session.state)) return
    this.past = [...this.past, { state: session.state, told: this.told }].slice(-steps)
    this.future = []
    this.told = told
    this.lastKey = ''
  }

  undo(): void {
    const step = this.past.at(-1)
    if (!step) return
    const told = this.told
    this.past = this.past.slice(0, -1)
    this.future = [...this.future, { state: session.state, told }]
    this.said = told && (() => f('Taken back: %s', told()))
    this.lay(step, session.state, 0)
  }

  redo(): void {
    const step = this.future.at(-1)
    if (!step) return
    this.future = this.future.slice(0, -1)
    this.past = [...this.past, { state: session.state, told: this.told }]
    this.said = step.told
    this.lay(step, session.state, 0)
  }

  /** lay shows a step at once and runs it a moment later, beside the run of the state before. */
  private lay(step: Step, before: State, wait: number): void {
    if (wait === 0) this.lastKey = ''
    if (session.run?.done && same(session.run.state, before)) this.before = session.run
    session.state = this.saidOf = step.state
    this.told = step.told
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.run(step.state, before), wait)
  }

  private async run(state: State, before: State): Promise<void> {
    const beside = same(this.before?.state ?? null, before) ? this.before : null
    if (!beside) session.previous = null
    await session.change(state, beside ?? false)
    if (beside || session.state !== state || !session.run?.done) return
    const late = await session.runOnce(before) // it was overtaken before it ended
    if (session.state === state && late?.world.hubs.length === session.run.world.hubs.length) session.previous = this.before = late
  }

  /** follow asks for the base of a state, if it is another than before. */
  async follow(state: State): Promise<void> {
    const base = { ...bare(state), seed: '1' } // the same whatever the luck
    if (same(base, this.baseOf)) return
    this.baseOf = base
    this.asking?.abort()
    const stop = (this.asking = new AbortController())
    const world = await session.look(base, stop.signal)
    if (world && !stop.signal.aborted) this.base = world
  }
}

export const editing = new Editing()

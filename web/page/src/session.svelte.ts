// The session: the state, the view, and what has come of asking the engine. Components read it; whoever changes the state calls `change`.
import { engine } from './engine/engine'
import { HubRun, Run } from './engine/run'
import type { Catalog, Compared, HubWeek, Line, Problem, Problems, Progress, State, Week, World } from './engine/types'

export type Tab = 'change' | 'hub' | 'actors' | 'compare' | 'lessons' | 'about'

class Session {
  state = $state.raw<State>({ scenario: 'offensive', seed: '1' })
  catalog = $state.raw<Catalog | null>(null)

  // What came. `came` counts up with each batch of weeks, for those who draw columns, which are not followed one by one.
  run = $state.raw<Run | null>(null)
  previous = $state.raw<Run | null>(null) // of the state before the last change, to draw beside
  came = $state(0)
  problems = $state.raw<Problem[]>([])
  trouble = $state('') // the engine cannot be reached, or refused
  working = $state(false)

  hubRun = $state.raw<HubRun | null>(null)
  hubCame = $state(0)

  // The view.
  tab = $state<Tab>('change')
  hubs = $state<number[]>([]) // in the price chart
  hub = $state(0) // in depth
  good = $state(0)
  tick = $state(0)
  playing = $state(false)
  speed = $state(10) // weeks a second; Infinity: as they come
  selection = $state.raw<{ kind: 'hub' | 'group' | 'network' | 'arc'; index: number } | null>(null)

  private asking: AbortController | null = null
  private askingHub: AbortController | null = null
  readonly engine = engine()

  get world(): World | null {
    return this.run?.world ?? null
  }

  async begin(): Promise<void> {
    await this.ask('catalog', {}, (line) => {
      if (line.kind === 'catalog') this.catalog = line as Catalog
    })
    await this.change(this.state, false)
  }

  /** change lays a new state under the page and runs it on the same luck; the old run stays to be drawn beside. */
  async change(state: State, keep = true): Promise<void> {
    this.asking?.abort()
    const stop = (this.asking = new AbortController())
    this.state = state
    this.problems = []
    this.working = true
    let fresh: Run | null = null
    try {
      await this.ask('run', { state }, (line) => {
        switch (line.kind) {
          case 'world':
            fresh = new Run(line as World)
            if (keep && this.run) this.previous = this.run
            this.settle(fresh.world)
            this.run = fresh
            break
          case 'week':
            fresh!.add(line as Week)
            break
          case 'end':
            fresh!.done = true
            break
          case 'problems':
            this.problems = (line as Problems).problems
        }
        this.tell()
      }, stop.signal)
    } finally {
      if (this.asking === stop) this.working = false
    }
    this.came++
    if (this.run) void this.open(this.hub)
  }

  /** settle keeps the view of one world in the next one. */
  private settle(world: World): void {
    const old = this.world
    const same = old && old.hubs.length === world.hubs.length && old.hubs.every((h, i) => h.id === world.hubs[i].id)
    if (!same) {
      const focus = world.hubs.flatMap((h, i) => (h.market && h.focus ? [i] : []))
      this.hubs = focus.slice(0, 4)
      this.hub = this.hubs[0] ?? world.hubs.findIndex((h) => h.market)
      this.good = 0
      this.selection = null
      this.previous = null
      this.tick = 0
    }
    this.tick = Math.min(this.tick, world.weeks - 1)
  }

  /** open asks for one hub in depth. */
  async open(hub: number): Promise<void> {
    this.hub = hub
    this.askingHub?.abort()
    const stop = (this.askingHub = new AbortController())
    const fresh = new HubRun(hub)
    this.hubRun = fresh
    await this.ask('hub', { state: this.state, hub: this.world!.hubs[hub].id }, (line) => {
      if (line.kind === 'hub-week') fresh.add(line as HubWeek)
      else if (line.kind === 'end') fresh.done = true
      if (fresh.weeks % 26 === 0) this.hubCame++
    }, stop.signal)
    this.hubCame++
  }

  /** compare runs an ensemble of two states on the same luck. */
  async compare(a: State, b: State, runs: number, hub: string, good: string, progress: (p: Progress) => void, signal?: AbortSignal): Promise<Compared | null> {
    let result: Compared | null = null
    await this.ask('compare', { a, b, runs, hub, good }, (line) => {
      if (line.kind === 'progress') progress(line as Progress)
      else if (line.kind === 'compared') result = line as Compared
      else if (line.kind === 'problems') this.problems = (line as Problems).problems
    }, signal)
    return result
  }

  private told = 0
  /** tell lets those who draw know that weeks came, at most once a frame. */
  private tell(): void {
    if (this.told) return
    this.told = requestAnimationFrame(() => {
      this.told = 0
      this.came++
    })
  }

  private async ask(question: string, json: unknown, line: (line: Line) => void, signal?: AbortSignal): Promise<void> {
    try {
      await this.engine.ask(question, json, line, signal)
      this.trouble = ''
    } catch (error) {
      if (signal?.aborted) return
      this.trouble = error instanceof Error ? error.message : String(error)
    }
  }
}

export const session = new Session()

// The session: the state, the view, and what has come of asking the engine. Components read it; whoever changes the state calls `change`.
import { first } from './edit'
import { engine } from './engine/engine'
import { HubRun, Run } from './engine/run'
import type { View } from './link'
import type { Catalog, Compared, Engine, HubWeek, Line, Problem, Problems, Progress, SourceText, State, Waiting, Week, World } from './engine/types'

export type Tab = 'change' | 'hub' | 'actors' | 'compare' | 'lessons' | 'about'

class Session {
  state = $state.raw<State>({ scenario: first, seed: '1' })
  catalog = $state.raw<Catalog | null>(null)

  // What came. `came` counts up with each batch of weeks, for those who draw columns, which are not followed one by one.
  run = $state.raw<Run | null>(null)
  previous = $state.raw<Run | null>(null) // of the state before the last change, to draw beside
  came = $state(0)
  problems = $state.raw<Problem[]>([])
  trouble = $state('') // why the engine refused
  again: (() => void) | null = null // asks once more what it refused
  lost = $state(0) // questions whose connection is lost, and is being made again
  back = $state(false) // such a one came back just now
  working = $state(false)
  ahead = $state(0) // questions of others that a shared engine answers before; -1: more than it takes in

  kept = $state.raw<Run | null>(null) // the run of keptState, A of a comparison
  keptState = $state.raw<State | null>(null)

  hubRun = $state.raw<HubRun | null>(null)
  hubCame = $state(0)

  // The view.
  tab = $state<Tab>('change')
  hubs = $state<number[]>([]) // in the price chart
  hub = $state(0) // the market in depth
  place = $state(-1) // a place without a market that is looked at instead of it, or -1
  good = $state(0)
  tick = $state(0)
  playing = $state(false)
  speed = $state(10) // weeks a second; Infinity: as they come
  lesson = $state('') // id of the lesson that is open
  selection = $state.raw<{ kind: 'hub' | 'group' | 'network' | 'arc'; index: number } | null>(null)

  wanted: View | null = null // what a link wants to be looked at, once its world is there

  private now: AbortController | null = null // of the run that comes
  private next: AbortController | null = null // of the one asked for, of which nothing has come yet
  private askingHub: AbortController | null = null
  private readonly backing = engine()
  readonly engine: Engine = { ask: (question, json, line, signal) => this.heard(question, json, line, signal) }

  get world(): World | null {
    return this.run?.world ?? null
  }

  /** The last week of the run. */
  get last(): number {
    return (this.world?.weeks ?? 1) - 1
  }

  async begin(): Promise<void> {
    await this.ask('catalog', {}, (line) => {
      if (line.kind === 'catalog') this.catalog = line as Catalog
    }, undefined, () => this.begin())
    if (this.catalog) await this.change(this.state, false)
  }

  /**
   * change lays a new state under the page and runs it; the old run, or the one given, stays to be drawn beside. What is being run goes on until the new
   * run begins: of a state that cannot be run nothing comes, and the page keeps what it has.
   */
  async change(state: State, keep: boolean | Run = true): Promise<void> {
    this.next?.abort()
    const stop = (this.next = new AbortController())
    this.state = state
    this.working = true
    let fresh: Run | null = null
    try {
      await this.ask('run', { state }, (line) => {
        switch (line.kind) {
          case 'world':
            if (this.next === stop) {
              this.now?.abort()
              this.now = stop
              this.next = null
            }
            fresh = new Run(line as World, state)
            if (keep instanceof Run) this.previous = keep
            else if (keep && this.run?.done) this.previous = this.run // not one that was overtaken
            this.problems = []
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
      }, stop.signal, () => this.change(state, keep))
    } finally {
      if (this.now === stop) this.now = null
      if (this.next === stop) this.next = null
      this.working = !!(this.now ?? this.next)
    }
    this.came++
    const came = fresh as Run | null
    if (came?.done && this.run === came) void this.books()
  }

  /** settle keeps the view of one world in the next one. */
  private settle(world: World): void {
    const old = this.world
    const same = old && old.hubs.length === world.hubs.length && old.hubs.every((h, i) => h.id === world.hubs[i].id)
    if (!same) {
      const markets = world.hubs.flatMap((h, i) => (h.market ? [i] : []))
      const focus = markets.filter((i) => world.hubs[i].focus)
      this.hubs = (focus.length ? focus : markets).slice(0, 4)
      this.hub = this.hubs[0] ?? world.hubs.findIndex((h) => h.market)
      this.good = 0
      this.place = -1
      this.selection = null
      this.previous = null
      this.tick = 0
    }
    if (this.wanted) this.show(world, this.wanted)
    this.wanted = null
    this.tick = Math.min(this.tick, world.weeks - 1)
  }

  /** show looks at what a link names, as far as the world has it. */
  private show(world: World, view: View): void {
    const hubOf = (id: string) => world.hubs.findIndex((h) => h.id === id && h.market)
    const hubs = (view.hubs ?? []).map(hubOf).filter((i) => i >= 0)
    if (hubs.length) this.hubs = [...new Set(hubs)]
    if (hubOf(view.hub ?? '') >= 0) this.hub = hubOf(view.hub!)
    else this.place = world.hubs.findIndex((h) => h.id === view.hub)
    this.good = Math.max(0, world.goods.findIndex((g) => g.id === view.good))
    this.tick = view.tick ?? this.tick
  }

  /** open looks at one hub in depth. */
  async open(hub: number): Promise<void> {
    this.place = this.world!.hubs[hub].market ? -1 : hub
    if (this.place < 0) this.hub = hub
    await this.books()
  }

  /** books asks for the books of the market in depth, which is a run more: only once its room is open. */
  async books(): Promise<void> {
    const hub = this.hub
    this.askingHub?.abort()
    if (this.tab !== 'hub' || this.place >= 0) {
      this.hubRun = null
      return
    }
    const stop = (this.askingHub = new AbortController())
    const fresh = new HubRun(hub)
    this.hubRun = fresh
    await this.ask('hub', { state: this.run!.state, hub: this.world!.hubs[hub].id }, (line) => {
      if (line.kind === 'hub-week') fresh.add(line as HubWeek)
      else if (line.kind === 'end') fresh.done = true
      if (fresh.weeks % 26 === 0) this.hubCame++
    }, stop.signal, () => this.books())
    this.hubCame++
  }

  /** runOnce runs a state beside that of the page. */
  async runOnce(state: State, signal?: AbortSignal, wrong?: (problems: Problem[]) => void, again?: () => unknown): Promise<Run | null> {
    let run: Run | null = null
    await this.ask('run', { state }, (line) => {
      if (line.kind === 'world') run = new Run(line as World, state)
      else if (line.kind === 'week') run!.add(line as Week)
      else if (line.kind === 'end') run!.done = true
      else if (line.kind === 'problems') wrong?.((line as Problems).problems)
    }, signal, again)
    return (run as Run | null)?.done ? run : null
  }

  /** look returns the world of a state, or null if it has problems. */
  async look(state: State, signal?: AbortSignal, wrong?: (problems: Problem[]) => void): Promise<World | null> {
    let world: World | null = null
    await this.ask('world', { state }, (line) => {
      if (line.kind === 'world') world = line as World
      else if (line.kind === 'problems') wrong?.((line as Problems).problems)
    }, signal)
    return world
  }

  /** source returns the state of the page as a scenario file, or null if it has problems, which are then told. */
  async source(): Promise<string | null> {
    let text: string | null = null
    await this.ask('source', { state: this.state }, (line) => {
      if (line.kind === 'source') text = (line as SourceText).text
      else if (line.kind === 'problems') this.problems = (line as Problems).problems
    })
    return text
  }

  /** compare runs an ensemble of two states on the same luck. */
  async compare(a: State, b: State, runs: number, hub: string, good: string, progress: (p: Progress) => void, signal?: AbortSignal,
    wrong: (problems: Problem[]) => void = (problems) => (this.problems = problems), again?: () => unknown): Promise<Compared | null> {
    let result: Compared | null = null
    await this.ask('compare', { a, b, runs, hub, good }, (line) => {
      if (line.kind === 'progress') progress(line as Progress)
      else if (line.kind === 'compared') result = line as Compared
      else if (line.kind === 'problems') wrong((line as Problems).problems)
    }, signal, again)
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

  /** heard asks, and keeps to itself what is not the answer: how many are before it, and what becomes of the connection. */
  private async heard(question: string, json: unknown, line: (line: Line) => void, signal?: AbortSignal): Promise<void> {
    let lost = false
    const found = () => {
      if (lost) this.lost--
      lost = false
    }
    try {
      await this.backing.ask(question, json, (l) => {
        this.ahead = l.kind === 'waiting' ? (l as Waiting).ahead + 1 : l.kind === 'crowded' ? -1 : 0 // one of those at work has to end too
        if (l.kind === 'lost') {
          lost = true
          this.lost++
        } else if (l.kind === 'back') {
          found()
          this.welcome()
        } else if (l.kind !== 'waiting' && l.kind !== 'crowded') line(l)
      }, signal)
    } finally {
      found()
      this.ahead = 0
    }
  }

  /** idly asks what nobody waits for, and gives up where that is not the moment. */
  async idly(question: string, json: unknown, line: (line: Line) => void, signal: AbortSignal): Promise<void> {
    const stop = new AbortController()
    signal.addEventListener('abort', () => stop.abort())
    try {
      await this.backing.ask(question, json, (l) => (l.kind === 'lost' || l.kind === 'crowded' ? stop.abort() : line(l)), stop.signal, true)
    } catch {
      // nobody waits for it
    }
  }

  private welcomed = 0
  /** welcome says for a moment that the connection is there again. */
  private welcome(): void {
    this.back = true
    clearTimeout(this.welcomed)
    this.welcomed = window.setTimeout(() => (this.back = false), 10_000)
  }

  /** ask asks, and tells what went wrong, with what asks once more. */
  private async ask(question: string, json: unknown, line: (line: Line) => void, signal?: AbortSignal, again?: () => unknown): Promise<void> {
    try {
      await this.engine.ask(question, json, line, signal)
      this.trouble = ''
    } catch (error) {
      if (signal?.aborted) return
      this.fail(error, again)
    }
  }

  /** fail tells a fault of the engine. */
  fail(error: unknown, again?: () => unknown): void {
    this.trouble = error instanceof Error ? error.message : String(error)
    this.again = again ? () => void again() : null
  }
}

export const session = new Session()

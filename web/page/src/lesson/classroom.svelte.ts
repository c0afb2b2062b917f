// The lesson that is open: how far it is, what was predicted, what came. All of it lives in memory and nowhere else.
import { HubRun, type Run } from '../engine/run'
import type { HubWeek, Line, Problem, Problems, State } from '../engine/types'
import { editing } from '../editing.svelte'
import { session } from '../session.svelte'
import { t } from '../words'
import { Answers, tickOf } from './measure'
import { ofGiven, ofRun, ofTask, type Needs } from './needs'
import type { Lesson, Reference } from './types'

export const steps = ['why', 'predict', 'run', 'explain', 'change', 'discuss'] as const
export type Step = (typeof steps)[number]

class Classroom {
  lesson = $state.raw<Lesson | null>(null)
  step = $state<Step>('why')
  seed = $state('1')
  guesses = $state<Record<string, number>>({}) // by id of the prediction: a number, or the position of an option
  committed = $state(false)
  given = $state(false) // what is seen before predicting has come
  ran = $state(false)
  tasks = $state<number[]>([]) // that were run
  answers = $state.raw<Answers | null>(null)
  came = $state(0) // counts up with the answers
  done = $state(0) // of what is being asked
  of = $state(0)
  problems = $state.raw<Problem[]>([])
  large = $state(false) // type for a projector

  private asking: AbortController | null = null

  get working(): boolean {
    return this.of > 0
  }

  /** guessed says whether every prediction is made. */
  get guessed(): boolean {
    return !!this.lesson && this.lesson.predictions.every((p) => this.guesses[p.id] !== undefined)
  }

  open(lesson: Lesson): void {
    this.lesson = lesson
    session.lesson = lesson.id
    this.begin(lesson.seed)
  }

  close(): void {
    this.asking?.abort()
    this.lesson = null
    session.lesson = ''
  }

  /** begin forgets what was predicted and what came, and draws other luck. */
  begin(seed: string): void {
    this.asking?.abort()
    this.seed = seed
    this.step = 'why'
    this.guesses = {}
    this.committed = this.given = this.ran = false
    this.tasks = []
    this.problems = []
    this.of = 0
    this.answers = this.lesson && new Answers(this.lesson, this.seeds(this.lesson))
  }

  private seeds(lesson: Lesson): string[] {
    if (!lesson.seeds) return [this.seed]
    return Array.from({ length: lesson.seeds }, (_, i) => String(i + Number(this.seed)))
  }

  state(name: string, seed = this.seed): State {
    return { ...this.lesson!.states[name], seed }
  }

  /** show runs what is seen before predicting. */
  async show(): Promise<void> {
    if (this.given || this.working) return
    this.given = await this.ask(ofGiven(this.lesson!), this.lesson!.given.state, this.lesson!.given.until)
  }

  /** run runs what was predicted; it asks for the predictions first. */
  async run(): Promise<void> {
    if (!this.committed || this.working) return
    const lesson = this.lesson!
    const others = Object.keys(lesson.states).filter((s) => s !== lesson.given.state)
    this.ran = await this.ask(ofRun(lesson), lesson.states.b ? 'b' : (others[0] ?? 'a'))
  }

  async change(task: number): Promise<void> {
    if (this.working) return
    const lesson = this.lesson!
    if ((await this.ask(ofTask(lesson, task), lesson.tasks[task].state)) && !this.tasks.includes(task)) this.tasks = [...this.tasks, task]
  }

  /** ask gets what is needed and not there yet, and lays one of the states under the page, so that its market is seen. */
  private async ask(needs: Needs, shown: string, at?: string): Promise<boolean> {
    const lesson = this.lesson!
    const answers = this.answers!
    const stop = (this.asking = new AbortController())
    const work: (() => Promise<boolean>)[] = []
    for (const need of needs.states.values()) {
      for (const seed of answers.seeds) work.push(() => this.get(need.state, seed, need.state === shown && seed === this.seed, at))
      for (const hub of need.hubs) for (const seed of answers.seeds) work.push(() => this.hub(need.state, seed, hub, stop.signal))
      if (need.reference) work.push(() => this.reference(need.state, stop.signal))
    }
    if (needs.ensemble && !answers.compared) work.push(() => this.compare(lesson, stop.signal))
    this.problems = []
    this.done = 0
    this.of = work.length
    let good = true
    for (const job of work) {
      good = good && (await job())
      if (this.asking !== stop || stop.signal.aborted) return false
      if (!good) break
      this.done++
      this.came++
    }
    this.of = 0
    return good
  }

  private async get(name: string, seed: string, shown: boolean, at?: string): Promise<boolean> {
    const answers = this.answers!
    if (answers.of(name, seed) && !shown) return true
    const state = this.state(name, seed)
    let run: Run | null = answers.of(name, seed)?.run ?? null
    if (shown) {
      editing.note(state, () => t(this.lesson?.title ?? ''))
      await session.change(state)
      if (session.state === state && session.run?.done) {
        run = session.run
        this.view(run, at)
      }
      if (session.problems.length) this.problems = session.problems
    }
    run ??= await session.runOnce(state)
    if (!run) return false
    if (!answers.of(name, seed)) answers.put(name, seed, { run, hubs: new Map() })
    return true
  }

  /** view turns the page's market to what the lesson speaks of. */
  private view(run: Run, at?: string): void {
    const chart = [...this.lesson!.show, ...this.lesson!.given.show].find((c) => c.hub)
    const hub = run.world.hubs.findIndex((h) => h.id === chart?.hub)
    if (hub < 0) return
    session.good = Math.max(0, run.world.goods.findIndex((g) => g.id === chart!.good))
    if (!session.hubs.includes(hub)) session.hubs = [hub, ...session.hubs].slice(0, 4)
    session.tick = Math.max(0, Math.min(run.weeks - 1, at ? tickOf(run, at) : run.weeks - 1))
  }

  private async hub(name: string, seed: string, hub: string, signal: AbortSignal): Promise<boolean> {
    const came = this.answers!.of(name, seed)!
    if (came.hubs.has(hub)) return true
    const fresh = new HubRun(came.run.world.hubs.findIndex((h) => h.id === hub))
    const ok = await this.lines('hub', { state: this.state(name, seed), hub }, signal, (line) => {
      if (line.kind === 'hub-week') fresh.add(line as HubWeek)
    })
    if (ok) came.hubs.set(hub, fresh)
    return ok
  }

  private async reference(name: string, signal: AbortSignal): Promise<boolean> {
    const came = this.answers!.of(name)!
    const asked = this.lesson!.reference!
    if (came.reference) return true
    const week = tickOf(came.run, asked.week)
    return this.lines('reference', { state: this.state(name), hub: asked.hub, good: asked.good, week }, signal, (line) => {
      if (line.kind === 'reference') came.reference = line as Reference
    })
  }

  private async compare(lesson: Lesson, signal: AbortSignal): Promise<boolean> {
    const e = lesson.ensemble!
    const compared = await session.compare(this.state(e.a), this.state(e.b), e.runs, e.hub, e.good, () => {}, signal, (problems) => (this.problems = problems))
    if (!compared) return false
    this.answers!.compared = compared
    return true
  }

  /** lines asks the engine and reports whether it answered without problems. */
  private async lines(question: string, json: unknown, signal: AbortSignal, line: (line: Line) => void): Promise<boolean> {
    let good = true
    try {
      await session.engine.ask(question, json, (l) => {
        if (l.kind === 'problems') {
          this.problems = (l as Problems).problems
          good = false
        } else line(l)
      }, signal)
    } catch (error) {
      if (!signal.aborted) session.fail(error)
      return false
    }
    return good
  }
}

export const classroom = new Classroom()

// What has to be asked of the engine for the drawings and numbers of a step.
import type { Chart, Lesson, Measure, Passage } from './types'

/** What is needed of one state. */
export interface Need { state: string; hubs: Set<string>; reference: boolean }

export class Needs {
  readonly states = new Map<string, Need>()
  ensemble = false

  constructor(private readonly lesson: Lesson) {}

  state(name: string): Need {
    let need = this.states.get(name)
    if (!need) this.states.set(name, (need = { state: name, hubs: new Set(), reference: false }))
    return need
  }

  charts(charts: Chart[]): this {
    for (const c of charts) {
      if (c.kind === 'fan') this.ensemble = true
      for (const run of c.runs ?? []) {
        const need = this.state(run)
        if (c.kind === 'book') need.hubs.add(c.hub!)
        if (c.kind === 'reference') need.reference = true
      }
      for (const b of c.bars ?? []) {
        if (b.run) this.state(b.run).hubs.add(c.hub!)
        if (b.of) this.measure(b.of)
      }
      if (c.of) this.measure(c.of)
    }
    return this
  }

  passages(passages: Passage[]): this {
    for (const p of passages) {
      for (const v of p.values ?? []) this.measure(v.of)
      if (p.when) this.measure(p.when.of)
    }
    return this
  }

  measure(id: string): this {
    const m = this.lesson.measures.find((x) => x.id === id)
    if (!m) return this
    if (m.args) for (const arg of m.args) this.measure(arg)
    else this.base(m)
    return this
  }

  private base(m: Measure): void {
    if (m.of === 'ensemble') {
      this.ensemble = true
      return
    }
    const need = this.state(m.run!)
    if (m.of === 'cost' || m.of === 'stored' || m.of === 'book') need.hubs.add(m.hub!)
    if (m.of === 'reference') need.reference = true
  }
}

/** ofGiven is what is shown before predicting. */
export function ofGiven(lesson: Lesson): Needs {
  const needs = new Needs(lesson).charts(lesson.given.show)
  needs.state(lesson.given.state)
  return needs
}

/** ofRun is what the run shows and says. */
export function ofRun(lesson: Lesson): Needs {
  const needs = new Needs(lesson).charts(lesson.show).passages(lesson.explain)
  for (const p of lesson.predictions) needs.measure(p.of)
  for (const row of lesson.observe) for (const id of row.of) needs.measure(id.split(':')[0])
  return needs
}

export function ofTask(lesson: Lesson, index: number): Needs {
  const task = lesson.tasks[index]
  const needs = new Needs(lesson).charts(task.show).passages(task.explain)
  if (task.show.length || task.explain.length) needs.state(task.state)
  return needs
}

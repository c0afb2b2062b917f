// The engine interface of docs/page.md.

/** A change of an event (only the fields given), a new event, or one taken out. */
export interface EventEdit {
  id: string
  remove?: boolean
  [field: string]: string | number | boolean | string[] | undefined
}

/** All that a run follows from. */
export interface State {
  scenario?: string
  file?: string
  layers?: string[]
  parameters?: Record<string, string>
  events?: EventEdit[]
  seed: string
}

/** A text as the catalogue has it, and what stands for each %s: text, or another phrase. */
export type Phrase = [format: string, ...args: (string | Phrase)[]]

/** A problem says its message and hint in English; say and hint_say are the same as phrases. */
export interface Problem { file: string; line: number; column: number; path: string; message: string; hint: string; say?: Phrase; hint_say?: Phrase }

export interface Hub { id: string; name: string; country: string; lat: number; lon: number; kind: string; market: boolean; focus: boolean }
export interface Good { id: string; name: string; unit: string; ammunition: boolean }
export interface Arc { from: number; to: number; days: number }
export interface Named { id: string; name: string }
export interface Network extends Named { home: number[]; kin: number[] }
export interface WorldEvent {
  id: string; date: string; tick: number; kind: string; cause: string; label: string; hub: number; fields: Record<string, string>
}
export interface Fact { hub: number; good: number; start: string; end: string; low: number; high: number; source: string }

export interface World {
  kind: 'world'
  name: string; title: string; question: string; assumptions: string[]; look_at: string[]; surprise: string
  start: string; weeks: number; hash: string
  hubs: Hub[]; goods: Good[]; origins: string[]; origin_names?: string[]; groups: Named[]; forces: Named[]; networks: Network[]; arcs: Arc[]
  regimes: string[]; components: string[]; programmes: Named[]
  zones: { id: string; hubs: number[] }[]; sources: { id: string; hub: number; good: number; origin: number }[]
  buyers: { id: string; kind: string; hub: number; good: number }[]; currencies: string[]
  events: WorldEvent[]; facts: Fact[]
  compare: { before: [number, number]; after: [number, number] }
  parameters: Record<string, string>
}

export interface Week {
  kind: 'week'
  t: number
  p: number[][]; f: number[][]; h: number[][]; g: number[][]; n: number[][]; d?: number[][]; s?: number[][]
  e?: number[]; x?: [string, number, string][]
}

export interface Book { bid: [number, number][]; ask: [number, number][] }
export interface HubGood {
  g: number; price: number; units: number; stored: number; cost?: number[]; trades?: [string, string, number, number, number][]; book?: Book
}
export interface HubWeek { kind: 'hub-week'; t: number; goods: HubGood[] }
export interface End { kind: 'end'; weeks: number; hash: string }
export interface Problems { kind: 'problems'; problems: Problem[] }
export interface Progress { kind: 'progress'; done: number; of: number }
export interface Fault { kind: 'fault'; message: string }
export interface Waiting { kind: 'waiting'; ahead: number }
export interface SourceText { kind: 'source'; text: string }

export interface Fan {
  q05: (number | null)[]; q25: (number | null)[]; q50: (number | null)[]; q75: (number | null)[]; q95: (number | null)[]; mean: (number | null)[]
  low?: (number | null)[]; high?: (number | null)[]
}
export type Verdict = 'raises' | 'lowers' | 'no difference' | 'not distinguishable' | 'too few'
export interface Effect {
  hub: number; good: number; before: boolean
  a: number | null; b: number | null; difference: number | null; low: number | null; high: number | null; relative: number | null; p: number | null
  verdict: Verdict
}
export interface Compared {
  kind: 'compared'; runs: number; failed?: number; hub: number; good: number; months: string[]; a: Fan; b: Fan; difference: Fan; effects: Effect[]
  before?: [number, number]; after?: [number, number]; saved: number | null
}

export interface ScenarioInfo {
  name: string; title: string; question: string; assumptions: string[]; look_at: string[]; surprise: string; world: string
}
export interface Parameter {
  id: string; section: string; unit: string; min: number | null; max: number | null; default: string
  type: 'int' | 'float' | 'bool' | 'text'; choices?: string[]; source: string; grade: string; meaning: string
}
export interface EventField { name: string; meaning: string; optional: boolean; unit: string; type: string; min: number; max: number; choices: string[]; of: string[] }
export interface EventKind {
  name: string; meaning: string; actions: string[]; fields: EventField[]
  needs: string[][]; by_action: Record<string, string[]>; either: [string, string][]
}
export interface Catalog {
  kind: 'catalog'; version: string; scenarios: ScenarioInfo[]; parameters: Parameter[]
  kinds: EventKind[]
  limits: Record<string, number>
}

export type Line = World | Week | HubWeek | End | Problems | Progress | Waiting | SourceText | Compared | Catalog | { kind: string }

/** One engine, two backings: the program's server, or a worker in the page. */
export interface Engine {
  /**
   * ask hands each line of the answer to `line`, in order. It rejects if the engine refuses or the signal aborts. What nobody waits for is asked idly: others
   * go before, and where many ask, it is refused.
   */
  ask(question: string, json: unknown, line: (line: Line) => void, signal?: AbortSignal, idly?: boolean): Promise<void>
}

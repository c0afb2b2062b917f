// Changes of a state, each a new state. What is taken back leaves no trace, so that equal states are equal texts and links stay short.
import type { Catalog, EventEdit, State, World } from './engine/types'

/** withParameter sets a parameter, or takes it back to the scenario's own value (null). */
export function withParameter(state: State, id: string, value: string | null): State {
  const parameters = Object.fromEntries(Object.entries(state.parameters ?? {}).filter(([key]) => key !== id))
  return tidy({ ...state, parameters: value === null ? parameters : { ...parameters, [id]: value } })
}

/** withEvent lays fields over an event, or adds it; an undefined field is taken back. */
export function withEvent(state: State, edit: EventEdit): State {
  const events = state.events ?? []
  const old = events.find((e) => e.id === edit.id)
  const merged = { ...old, ...edit }
  for (const [key, value] of Object.entries(merged)) if (value === undefined) delete merged[key]
  return tidy({ ...state, events: old ? events.map((e) => (e === old ? merged : e)) : [...events, merged] })
}

/** withoutEvent takes back what was done to an event; one that was added is gone. */
export function withoutEvent(state: State, id: string): State {
  return tidy({ ...state, events: (state.events ?? []).filter((e) => e.id !== id) })
}

/** withLayer lays a built-in scenario over the state, or takes it off. */
export function withLayer(state: State, name: string, on: boolean): State {
  const others = (state.layers ?? []).filter((l) => l !== name)
  return tidy({ ...state, layers: on ? [...others, name] : others })
}

/** bare is the scenario of a state without what was changed by hand: the layers stay, since they bring events of their own. */
export function bare(state: State): State {
  return tidy({ ...state, parameters: undefined, events: undefined })
}

/** The scenario that the page begins with. */
export const first = 'offensive'

/** homeward is a state that can be run: the scenario without changes, or the first one where there is none of that name; with its seed, if it is one. */
export function homeward(state: State, catalog: Catalog | null): State {
  const seed = isSeed(state.seed) ? state.seed : '1'
  const known = !catalog || catalog.scenarios.some((s) => s.name === state.scenario)
  return { scenario: state.scenario && known ? state.scenario : first, seed }
}

const largest = 2n ** 64n - 1n

export function isSeed(text: string): boolean {
  return /^(0|[1-9]\d{0,19})$/.test(text) && BigInt(text) <= largest
}

export function changes(state: State): number {
  return (state.layers?.length ?? 0) + Object.keys(state.parameters ?? {}).length + (state.events?.length ?? 0)
}

export function same(a: State | null, b: State | null): boolean {
  return a === b || (!!a && !!b && text(a) === text(b))
}

/** text is equal for equal states, whatever the order in which fields came. */
function text(state: State): string {
  return JSON.stringify(state, (_, x) => (typeof x === 'object' && x && !Array.isArray(x) ? Object.fromEntries(Object.entries(x).sort()) : x))
}

function tidy(state: State): State {
  const { parameters, events, layers, ...rest } = state
  const real = events?.filter((e) => Object.keys(e).length > 1) // an id alone changes nothing
  return {
    ...rest,
    ...(layers?.length && { layers }),
    ...(parameters && Object.keys(parameters).length && { parameters }),
    ...(real?.length && { events: real }),
  }
}

/** free returns an id that no event of the world or of the state has. */
export function free(stem: string, state: State, world: World): string {
  const taken = new Set([...world.events.map((e) => e.id), ...(state.events ?? []).map((e) => e.id)])
  for (let i = 1; ; i++) {
    const id = i === 1 ? stem : `${stem}-${i}`
    if (!taken.has(id)) return id
  }
}

const msOfDay = 86_400_000

/** days counts from one date to another. */
export function days(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / msOfDay)
}

export function addDays(date: string, count: number): string {
  return new Date(Date.parse(date) + count * msOfDay).toISOString().slice(0, 10)
}

/** addMonths keeps the day of the month where the other month has it, and takes its last day where not. */
export function addMonths(date: string, count: number): string {
  const [y, m, d] = date.split('-').map(Number)
  const last = new Date(Date.UTC(y, m - 1 + count + 1, 0)).getUTCDate()
  return new Date(Date.UTC(y, m - 1 + count, Math.min(d, last))).toISOString().slice(0, 10)
}

/** lastDay is that of the period of a run, the Sunday of its last week. */
export function lastDay(world: World): string {
  return addDays(world.start, 7 * world.weeks - 1)
}

/** moved is the edit that sets an event on another day; what ends, lasts as long as before. */
export function moved(event: { id: string; date: string; until?: string }, date: string): EventEdit {
  const edit: EventEdit = { id: event.id, date }
  if (event.until) edit.until = addDays(event.until, days(event.date, date))
  return edit
}

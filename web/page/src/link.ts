// The link holds the whole state and the view, as JSON in base64 after #s=, so that it survives mail programs. It may be a stranger's: only what has
// a known name and shape is taken from it.
import { first } from './edit'
import type { EventEdit, State } from './engine/types'
import type { Lang } from './words'

export interface View {
  tab?: string
  hubs?: string[] // of the price chart
  hub?: string // whose books are open
  good?: string
  tick?: number
  lesson?: string
  lang?: Lang
}

/** A link holds the state of the page, the state it is compared with, and what is looked at. */
export interface Link { state: State; a?: State; view: View }

const longest = 400_000 // characters: more than the largest file that the engine takes
const most = 500 // of events and so on: each more than a scenario has
const longestText = 2000

export function write(link: Link): string {
  const bytes = new TextEncoder().encode(JSON.stringify(link))
  let text = ''
  for (const b of bytes) text += String.fromCharCode(b)
  return '#s=' + btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** read returns what a link holds, null if it holds nothing, and throws where it cannot be read. */
export function read(hash: string): Link | null {
  if (!hash.startsWith('#s=')) return null
  if (hash.length > longest) throw new Error('too long')
  const text = atob(hash.slice(3).replace(/-/g, '+').replace(/_/g, '/'))
  const link: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(text, (c) => c.charCodeAt(0))))
  if (!isRecord(link) || !isRecord(link.state)) throw new Error('no state')
  return { state: state(link.state), ...(isRecord(link.a) && { a: state(link.a) }), view: isRecord(link.view) ? view(link.view) : {} }
}

/** state keeps the known fields of a state, if they have the right shape. Whether values make sense is the engine's to say. */
function state(x: Record<string, unknown>): State {
  const out: State = { seed: isText(x.seed) && /^\d{1,20}$/.test(x.seed) ? x.seed : '1' }
  if (isName(x.scenario)) out.scenario = x.scenario
  if (typeof x.file === 'string' && x.file) out.file = x.file
  if (out.file) delete out.scenario
  if (!out.scenario && !out.file) out.scenario = first
  if (Array.isArray(x.layers)) out.layers = x.layers.filter(isName).slice(0, most)
  if (isRecord(x.parameters)) out.parameters = fields(x.parameters, isText)
  if (Array.isArray(x.events)) {
    out.events = x.events.slice(0, most).filter((e): e is Record<string, unknown> => isRecord(e) && isName(e.id)).map((e) => fields(e, isValue) as EventEdit)
  }
  return out
}

function view(x: Record<string, unknown>): View {
  const out: View = {}
  if (isName(x.tab)) out.tab = x.tab
  if (Array.isArray(x.hubs)) out.hubs = x.hubs.filter(isName).slice(0, most)
  if (isName(x.hub)) out.hub = x.hub
  if (isName(x.good)) out.good = x.good
  if (Number.isSafeInteger(x.tick) && (x.tick as number) >= 0) out.tick = x.tick as number
  if (isName(x.lesson)) out.lesson = x.lesson
  if (x.lang === 'en' || x.lang === 'fr') out.lang = x.lang
  return out
}

/** fields keeps the entries of a record whose key is a name and whose value passes. */
function fields<T>(x: Record<string, unknown>, passes: (v: unknown) => v is T): Record<string, T> {
  return Object.fromEntries(Object.entries(x).filter((e): e is [string, T] => isName(e[0]) && passes(e[1])).slice(0, most))
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x)
}

function isText(x: unknown): x is string {
  return typeof x === 'string' && x.length <= longestText
}

/** isName is true of ids and of dotted paths of them, but not of __proto__ and the like, which begin with a bar. */
function isName(x: unknown): x is string {
  return typeof x === 'string' && /^[A-Za-z0-9][\w.-]{0,99}$/.test(x) && x !== 'constructor' && x !== 'prototype'
}

function isValue(x: unknown): x is string | number | boolean | string[] {
  return isText(x) || (Array.isArray(x) && x.length <= most && x.every(isName)) || typeof x === 'boolean' || (typeof x === 'number' && Number.isFinite(x))
}

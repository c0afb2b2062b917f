// The link holds the whole state and the view, as JSON in base64 after #s=, so that it survives mail programs.
import type { State } from './engine/types'
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

export interface Link { state: State; b?: State; view: View }

const longest = 200_000 // characters: a link of a stranger is no place for more

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
  const link = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(text, (c) => c.charCodeAt(0))))
  if (typeof link !== 'object' || link === null || typeof link.state !== 'object' || link.state === null) throw new Error('no state')
  return { state: clean(link.state), b: link.b ? clean(link.b) : undefined, view: typeof link.view === 'object' && link.view ? link.view : {} }
}

/** clean keeps the known fields of a state, if they have the right shape. Whether values make sense is the engine's to say. */
function clean(x: Record<string, unknown>): State {
  const state: State = { seed: typeof x.seed === 'string' && /^\d{1,20}$/.test(x.seed) ? x.seed : '1' }
  if (typeof x.scenario === 'string') state.scenario = x.scenario
  if (typeof x.file === 'string') state.file = x.file
  if (Array.isArray(x.layers)) state.layers = x.layers.filter((l) => typeof l === 'string')
  if (typeof x.parameters === 'object' && x.parameters) {
    state.parameters = Object.fromEntries(Object.entries(x.parameters).filter(([, v]) => typeof v === 'string')) as Record<string, string>
  }
  if (Array.isArray(x.events)) state.events = x.events.filter((e) => typeof e === 'object' && e !== null && typeof e.id === 'string')
  if (!state.scenario && !state.file) state.scenario = 'offensive'
  return state
}

// Kinds of event and their fields, as the form for a new event shows them; what they are is the loader's to say (catalog.kinds).
import type { EventField, EventKind, World } from '../../engine/types'
import * as names from '../../ui/names'
import { t } from '../../words'
import { actionName, buyerName, originName, sourceName, zoneName } from './causes'

const everyEvent = ['id', 'cause', 'date', 'kind']

/** parted returns the fields that make the event, and those that it may have besides. */
export function parted(kind: EventKind): { first: EventField[]; more: EventField[] } {
  const telling = new Set(['action', ...kind.needs.flat(), ...Object.values(kind.by_action).flat()])
  const own = kind.fields.filter((x) => !everyEvent.includes(x.name))
  return { first: own.filter((x) => telling.has(x.name)), more: own.filter((x) => !telling.has(x.name)) }
}

/** missing returns what an event still needs: of each list at least one. */
export function missing(kind: EventKind, given: Record<string, unknown>): string[][] {
  const byAction = (kind.by_action[String(given.action)] ?? []).map((x) => [x])
  return [...kind.needs, ...byAction].filter((any) => !any.some((x) => given[x] !== undefined))
}

/** barred returns the field that rules another one out, or undefined. */
export function barred(kind: EventKind, field: string, given: Record<string, unknown>): string | undefined {
  for (const [a, b] of kind.either) {
    if (a === field && given[b] !== undefined) return b
    if (b === field && given[a] !== undefined) return a
  }
  return undefined
}

export interface Choice { id: string; name: string }
export interface Choices { label: string; of: Choice[] }

/** choices lists what a field may name in a world, by kind of thing. */
export function choices(field: EventField, world: World): Choices[] {
  const plain = field.choices.map((id) => ({ id, name: choiceName(field.name, id) }))
  return [...(plain.length ? [{ label: '', of: plain }] : []), ...field.of.map((set) => ({ label: setName(set), of: inSet(set, world) })).filter((x) => x.of.length)]
}

function inSet(set: string, world: World): Choice[] {
  const sorted = (list: Choice[]) => list.sort((a, b) => a.name.localeCompare(b.name))
  const named = (list: { id: string; name: string }[]) => sorted(list.map((x) => ({ id: x.id, name: t(x.name) })))
  switch (set) {
    case 'hub': return named(world.hubs)
    case 'good': return named(world.goods)
    case 'group': return named(world.groups)
    case 'force': return named(world.forces)
    case 'programme': return named(world.programmes)
    case 'zone': return sorted(world.zones.map((z) => ({ id: z.id, name: zoneName(z.id, world) })))
    case 'stockholder': return sorted(world.sources.map((s) => ({ id: s.id, name: sourceName(s, world) })))
    case 'origin': return [...new Set(world.sources.map((s) => world.origins[s.origin]))].map((id) => ({ id, name: originName(id, world) }))
    case 'buyer': return sorted(world.buyers.map((b) => ({ id: b.id, name: buyerName(b.id, world) })))
    case 'kind of buyer': return sorted([...new Set(world.buyers.map((b) => b.kind))].map((id) => ({ id, name: buyerName(id, world) })))
    case 'currency': return world.currencies.map((id) => ({ id, name: id }))
  }
  return []
}

function setName(set: string): string {
  switch (set) {
    case 'hub': return t('Towns and places')
    case 'zone': return t('Zones')
    case 'group': return t('Armed groups')
    case 'force': return t('Armies')
    case 'stockholder': return t('One source')
    case 'origin': return t('All of an origin')
    case 'buyer': return t('Civilians of one place')
    case 'kind of buyer': return t('Civilians of a kind')
  }
  return ''
}

function choiceName(field: string, id: string): string {
  if (field === 'action') return actionName(id)
  if (field === 'regime') return names.regime(id)
  switch (id) {
    case 'none': return field === 'to' ? t('nobody') : t('all at once')
    case 'linear': return t('evenly')
    case 'exponential': return t('fast, then slower')
  }
  return id
}

export function fieldName(kind: string, field: string): string {
  switch (field) {
    case 'action': return t('What happens')
    case 'hub': return t('Town or place')
    case 'hubs': return t('Objectives, in order')
    case 'zone': return t('Zone')
    case 'from': return t('From')
    case 'to': return kind === 'hub_control' ? t('New holder') : t('To')
    case 'regime': return t('How arms are traded')
    case 'force': return t('Army')
    case 'group': return t('Armed group')
    case 'other': return t('Other party')
    case 'stockholder': return t('Source of supply')
    case 'origin': return t('Origin')
    case 'buyer': return t('Buyers')
    case 'good': return t('Good')
    case 'programme': return t('Programme')
    case 'currency': return t('Currency')
    case 'factor': return t('Factor')
    case 'price': return t('Factor on the price')
    case 'value': return t('Value')
    case 'until': return t('Until')
    case 'weeks': return t('Weeks')
    case 'recovery': return t('Way back')
    case 'note': return t('Note')
    case 'source': return t('Documented in')
  }
  return field
}

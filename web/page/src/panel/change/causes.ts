// How the page calls causes and kinds of events, and what it says of one event.
import type { EventEdit, Named, World, WorldEvent } from '../../engine/types'
import * as names from '../../ui/names'
import { day, f, t } from '../../words'
import { amount } from './amount'

/** The cause of events that were added in the page. */
export const byHand = 'by-hand'

type Fields = Record<string, unknown>

export function causeName(id: string): string {
  switch (id) {
    case 'alliance': return t('Alliances of armed groups')
    case 'barkhane': return t('The French force leaves')
    case 'blockade': return t('Blockades')
    case 'by-hand': return t('By hand')
    case 'captures': return t('Camps overrun, arms taken')
    case 'ceasefire': return t('A ceasefire')
    case 'closure': return t('A market closes')
    case 'ddr': return t('Disarmament programmes')
    case 'drones': return t('Drones')
    case 'gold': return t('Gold')
    case 'interdiction': return t('Interdiction on the roads')
    case 'minusma': return t('The United Nations leave')
    case 'naira': return t('The naira falls')
    case 'niger_politics': return t('Politics in Niger')
    case 'nigeria_border': return t('The border of Nigeria')
    case 'offensive': return t('The army goes north')
    case 'reopening': return t('Towns reopen')
    case 'risk': return t('Risk on the road')
    case 'sudan': return t('War in Sudan')
    case 'tillia': return t('The route by Tillia')
  }
  const text = id.replace(/[_-]/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function kindName(id: string): string {
  switch (id) {
    case 'hub_control': return t('a town changes')
    case 'route': return t('roads')
    case 'force': return t('an army')
    case 'supply': return t('supply')
    case 'demand': return t('demand')
    case 'alliance': return t('an alliance')
    case 'income': return t('income')
    case 'exchange_rate': return t('an exchange rate')
    case 'programme': return t('a disarmament programme')
    case 'capture': return t('arms captured')
    case 'violence': return t('violence')
  }
  return id
}

export function actionName(id: string): string {
  switch (id) {
    case 'open': return t('opens')
    case 'close': return t('closes')
    case 'arrive': return t('arrives')
    case 'leave': return t('leaves')
    case 'reinforce': return t('is reinforced')
    case 'campaign': return t('marches')
    case 'announce': return t('is announced')
    case 'join': return t('begins')
    case 'break': return t('ends|an alliance')
  }
  return id
}

/** about says what kind of event it is, where, and by how much: notes alone do not tell one road from the next. */
export function about(e: WorldEvent, world: World | null): string {
  return facets(e.kind, e.fields, world)
}

/** facets puts the fields of an event side by side: kind, action, who, where, how much, until when. */
function facets(kind: string, v: Fields, world: World | null): string {
  const named = (list: Named[] | undefined, id: unknown) => (id ? t(list?.find((x) => x.id === id)?.name ?? String(id)) : '')
  const hub = (id: unknown) => named(world?.hubs, id)
  const place = v.hub ? hub(v.hub) : v.from ? f('%s – %s', hub(v.from), hub(v.to)) : v.zone ? zoneName(String(v.zone), world) : Array.isArray(v.hubs) ? v.hubs.map(hub).join(', ') : ''
  const source = world?.sources.find((x) => x.id === v.stockholder)
  const who = [
    named(world?.groups, v.group), named(world?.forces, v.force), named([...(world?.groups ?? []), ...(world?.forces ?? [])], v.other), named(world?.programmes, v.programme),
    world && v.buyer ? buyerName(String(v.buyer), world) : '', source && world ? sourceName(source, world) : world && v.stockholder ? originName(String(v.stockholder), world) : '',
    world && v.origin ? originName(String(v.origin), world) : '', v.currency ? String(v.currency) : '', named(world?.goods, v.good),
  ].filter(Boolean).join(', ')
  const regime = v.regime ? names.regime(String(v.regime)) : ''
  const holder = kind === 'hub_control' && v.to ? f('held by %s', v.to === 'none' ? t('nobody') : named([...(world?.groups ?? []), ...(world?.forces ?? [])], v.to)) : ''
  const much = v.factor !== undefined ? f('times %s', amount(v.factor as number)) : v.value !== undefined ? f('by %s', amount(v.value as number)) : ''
  const price = v.price !== undefined ? f('price times %s', amount(v.price as number)) : ''
  const until = v.until ? f('until %s', day(String(v.until))) : ''
  return [kindName(kind), v.action ? actionName(String(v.action)) : '', who, place, holder, regime, much, price, until].filter(Boolean).join(' · ')
}

/** title names an event of the scenario: by its note, and where it has none and was added in the page, by what it does. */
export function title(e: WorldEvent, world: World | null): string {
  return e.cause === byHand && !e.fields.note ? inWords({ ...e.fields, id: e.id, kind: e.kind }, world) : t(e.label) || e.id
}

/** inWords says what an event does that was added in the page. */
export function inWords(e: EventEdit, world: World | null): string {
  if (e.note) return t(String(e.note))
  const hub = (id: unknown) => t(world?.hubs.find((h) => h.id === id)?.name ?? String(id))
  if (e.kind === 'hub_control' && !e.to) {
    switch (e.regime) {
      case 'closed': return f('%s closes to the arms trade', hub(e.hub))
      case 'clandestine': return f('Trade in %s goes into hiding', hub(e.hub))
      case 'open': return f('%s opens to the arms trade', hub(e.hub))
    }
  }
  if (e.kind === 'route' && !e.zone && (e.action === undefined) !== (e.value === undefined)) {
    const road = e.hub ? f('All roads into %s', hub(e.hub)) : f('The road %s – %s', hub(e.from), hub(e.to))
    if (e.action === 'close') return f('%s: closed', road)
    if (e.action === 'open') return f('%s: open again', road)
    return f('%s: hazard changed by %s', road, amount(e.value as number))
  }
  return e.kind ? facets(String(e.kind), e, world) : e.id
}

/** zoneName names a zone by what lies in it: its id is for files. */
export function zoneName(id: string, world: World | null): string {
  const hubs = world?.zones.find((z) => z.id === id)?.hubs
  if (!hubs?.length) return id.replace(/_/g, ' ')
  const first = hubs.slice(0, 3).map((h) => names.hub(world!, h)).join(', ')
  return hubs.length > 3 ? f('%s and %s more', first, hubs.length - 3) : first
}

export function originName(id: string, world: World): string {
  const o = world.origins.indexOf(id)
  return o < 0 ? id : names.origin(world, o)
}

export function sourceName(s: World['sources'][number], world: World): string {
  return f('%s: %s', names.hub(world, s.hub), names.good(world, s.good))
}

/** buyerName names a population of civilians, or all of a kind. */
export function buyerName(id: string, world: World): string {
  const b = world.buyers.find((x) => x.id === id)
  return b ? f('%s: %s', `${names.party(world, 'civilian:' + b.kind)}, ${names.hub(world, b.hub)}`, names.good(world, b.good)) : names.party(world, 'civilian:' + id)
}

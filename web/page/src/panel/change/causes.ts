// How the page calls causes and kinds of events, and what it says of one event.
import type { World, WorldEvent } from '../../engine/types'
import { amount } from './amount'
import { day, f, t } from '../../words'

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
  const named = (list: { id: string; name: string }[] | undefined, id: string | undefined) => (id ? t(list?.find((x) => x.id === id)?.name ?? id) : '')
  const v = e.fields
  const hub = world?.hubs[e.hub]
  const place = hub ? t(hub.name) : v.from ? f('%s – %s', named(world?.hubs, v.from), named(world?.hubs, v.to)) : (v.zone ?? '').replace(/_/g, ' ')
  const who = named(world?.groups, v.group) || named(world?.forces, v.force) || named(world?.programmes, v.programme) || v.stockholder || v.buyer || ''
  const much = v.factor ? f('times %s', amount(v.factor)) : v.value ? f('by %s', amount(v.value)) : ''
  const until = v.until ? f('until %s', day(v.until)) : ''
  return [kindName(e.kind), v.action ? actionName(v.action) : '', who, place, much, until].filter(Boolean).join(' · ')
}

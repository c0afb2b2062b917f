// How the page calls what the engine knows by an id.
import type { World } from '../engine/types'
import { f, fixed, int, t } from '../words'
import { nobody } from './colours'

const eur = 655.957 // CFA, the fixed peg

export function euro(cfa: number): number {
  return cfa / eur
}

/** price says a price in both currencies, no finer than one can know a mean. */
export function price(cfa: number): string {
  const e = euro(cfa)
  return f('%s CFA (%s EUR)', int(about(cfa)), e < 10 ? fixed(e, 2) : int(e))
}

/** about rounds money: to thousands from 10 000 on. */
export function about(cfa: number): number {
  return Math.abs(cfa) < 10_000 ? Math.round(cfa) : 1000 * Math.round(cfa / 1000)
}

/** origin names where goods come from; in an imaginary world by the place. */
export function origin(world: World, o: number): string {
  const id = world.origins[o]
  if (world.origin_names?.[o]) return t(world.origin_names[o])
  switch (id) {
    case 'libya': return t('Libya')
    case 'sudan': return t('Sudan')
    case 'nigeria': return t('Nigeria')
    case 'state_diverted': return t('sold by soldiers')
    case 'captured': return t('captured from the army')
    case 'ddr': return t('leaked from disarmament')
    case 'local': return t('local, older stock')
  }
  return id
}

export function component(id: string): string {
  switch (id) {
    case 'origin': return t('price at the source')
    case 'transport': return t('transport')
    case 'toll': return t('tolls')
    case 'payment': return t('payments at stops')
    case 'risk': return t('risk of loss')
    case 'storage': return t('storage')
    case 'margin': return t("seller's margin")
  }
  return id
}

/** regime says how arms are traded somewhere. */
export function regime(id: string): string {
  switch (id) {
    case 'open': return t('traded openly')
    case 'clandestine': return t('traded in secret')
    case 'closed': return t('closed to arms')
  }
  return id
}

/** place says what kind of place a hub is. */
export function place(kind: string): string {
  switch (kind) {
    case 'market': return t('Market town')
    case 'transit': return t('Place on the way')
    case 'border_crossing': return t('Border crossing')
    case 'mine': return t('Mine')
    case 'source': return t('Source of arms')
  }
  return kind
}

/** good is the short name of a good: what stands in brackets is for those who ask. */
export function good(world: World, g: number): string {
  return t(world.goods[g].name).split(' (')[0]
}

/** hub is the short name of a place. */
export function hub(world: World, h: number): string {
  return t(world.hubs[h].name).split(' (')[0]
}

/** controller names whoever holds a hub: a force, -1-group, or nobody. */
export function controller(world: World, code: number): string {
  if (code === nobody) return t('nobody')
  return code < 0 ? t(world.groups[-1 - code].name) : t(world.forces[code].name)
}

/** inFull spells out the names of groups that are known by their letters; empty for others. */
export function inFull(group: string): string {
  switch (group) {
    case 'jnim': return t('Group for the Support of Islam and Muslims (Jama’at Nusrat al-Islam wal-Muslimin)')
    case 'is_sahel': return t('Islamic State in the Sahel')
    case 'csp': return t('Permanent Strategic Framework; before 2021 Coordination of Azawad Movements')
    case 'fla': return t('Azawad Liberation Front')
    case 'msa': return t('Movement for the Salvation of Azawad')
    case 'gatia': return t('Imghad Tuareg Self-Defence Group and Allies')
    case 'iswap': return t('Islamic State West Africa Province')
  }
  return ''
}

/** party names a kind of seller or buyer (trafficker:tuareg, dealer:gao). */
export function party(world: World, id: string): string {
  const [kind, of] = id.split(':')
  const named = (list: { id: string; name: string }[]) => {
    const name = list.find((x) => x.id === of)?.name
    return name ? t(name).split(' (')[0] : of
  }
  switch (kind) {
    case 'trafficker': return f('traffickers (%s)', named(world.networks))
    case 'dealer': return f('dealers in %s', named(world.hubs))
    case 'stockholder': return f('stockholders in %s', world.origins.includes(of) ? origin(world, world.origins.indexOf(of)) : of)
    case 'group': return named(world.groups)
    case 'soldiers': return f('soldiers (%s)', named(world.forces))
    case 'civilian': return civilians(of)
    case 'ddr': return t('candidates for disarmament (DDR)')
  }
  return id
}

function civilians(kind: string): string {
  switch (kind) {
    case 'miners': return t('miners')
    case 'herders': return t('herders')
    case 'urban': return t('townspeople')
    case 'bandits': return t('bandits')
    case 'self_defence': return t('self-defence and herders')
  }
  return f('civilians: %s', kind)
}

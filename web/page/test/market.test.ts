import './runes'
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { dates, step, stops, top, weekOf } from '../src/chart/scale'
import { HubRun, Run } from '../src/engine/run'
import { binned, mean, meanAt, weekly } from '../src/engine/series'
import type { Week, World } from '../src/engine/types'
import { beside, road } from '../src/map/find'
import { place } from '../src/map/labels'
import { Roads, Sales } from '../src/map/roads'
import { happened } from '../src/panel/happened'
import { networks } from '../src/panel/actors'
import { deal, pile } from '../src/panel/trades'
import { change, cite, rate, signed, speech } from '../src/words'

const named = (...ids: string[]) => ids.map((id) => ({ id, name: id.toUpperCase() }))
const world = {
  start: '2023-01-02', weeks: 20, hubs: named('a', 'b', 'c'), goods: named('ak', 'round'), origins: ['libya', 'sudan'], groups: named('jnim'), forces: named('fama'),
  networks: named('n'), arcs: [{ from: 0, to: 1, days: 1 }, { from: 1, to: 0, days: 1 }], events: [{ id: 'e', label: 'a town falls', tick: 3, hub: 1 }],
} as unknown as World

const week = (t: number, more: Partial<Week> = {}): Week => ({ kind: 'week', t, p: [], f: [], h: [], g: [], n: [], ...more })

function run(weeks: Week[]): Run {
  const r = new Run(world, { seed: '1' })
  for (const w of weeks) r.add(w)
  return r
}

test('stops of an axis are round numbers', () => {
  assert.deepEqual(stops(0, 1000, 4), [0, 250, 500, 750, 1000])
  assert.deepEqual(stops(-30, 60, 4), [-25, 0, 25, 50])
  assert.equal(step(0, 4), 1)
  assert.ok(top(980, 4) > 980)
})

test('years stand where they begin, months where there is room', () => {
  assert.deepEqual(dates('2021-01-04', 261, 300).map((s) => s.label), ['2022', '2023', '2024', '2025', '2026'])
  assert.deepEqual(dates('2023-01-02', 20, 600).map((s) => s.label), ['Feb', 'Mar', 'Apr', 'May'])
  assert.equal(weekOf('2023-01-02', '2023-01-16'), 2)
})

test('the mean price counts units and skips weeks without trade', () => {
  const r = run([week(0, { p: [[0, 0, 100, -1, -1, 1]] }), week(1, { p: [[0, 0, 200, -1, -1, 3]] }), week(2), week(3), week(4, { p: [[1, 0, 50, 1, 1, 0]] })])
  assert.equal(meanAt(r, 0, 0, 1), 175)
  assert.equal(meanAt(r, 0, 0, 4), 200) // the first week is too long ago
  assert.deepEqual([...weekly(r, 0, 0)], [100, 200, NaN, NaN, NaN])
  assert.ok(mean(r, 1, 0).every(Number.isNaN)) // an order is no sale
  assert.deepEqual([...binned([1, 2, 3], 2, true)], [1.5, 3])
})

test('a road shows the mean of eight weeks and its most frequent origin', () => {
  const flow = (origin: number, units: number, lost = 0) => [0, 0, origin, units, lost]
  const r = run(Array.from({ length: 12 }, (_, t) => week(t, { f: t < 4 ? [flow(0, 80)] : [flow(1, 16, 8), [0, 1, 0, 1000, 0]] })))
  const roads = new Roads(r, 0)
  roads.at(3)
  assert.deepEqual([roads.total[0], roads.main[0], roads.lost[0], roads.total[1]], [80, 0, 0, 0]) // the first weeks are not diluted
  roads.at(11)
  assert.deepEqual([roads.total[0], roads.main[0], roads.lost[0]], [16, 1, 8]) // the other good is not in it
  roads.at(7)
  assert.deepEqual([roads.total[0], roads.main[0], roads.of(0, 1)], [48, 0, 8])
  assert.equal(roads.busiest, 48) // of eight whole weeks
})

test('sales of a hub are a mean of eight weeks too', () => {
  const r = run(Array.from({ length: 9 }, (_, t) => week(t, { p: t === 8 ? [[2, 0, 5, 1, 1, 16]] : [] })))
  const sales = new Sales(r, 0)
  sales.at(8)
  assert.equal(sales.units[2], 2)
})

test('names do not overlap, and the first has the better place', () => {
  const at = (hub: number, x: number, y: number) => ({ hub, text: 'abcdef', x, y, r: 5, bold: false })
  const labels = place([at(0, 100, 100), at(1, 104, 102), at(2, 106, 98), at(3, 108, 101), at(4, 110, 99), at(5, 3, 3)], [], [], () => 40, 200, 200)
  assert.equal(labels[0].hub, 0)
  assert.equal(labels[0].align, 'left')
  const boxes = labels.map((l) => ({ x: l.align === 'left' ? l.x : l.align === 'right' ? l.x - 40 : l.x - 20, y: l.y }))
  boxes.forEach((a, i) => boxes.slice(0, i).forEach((b) => assert.ok(Math.abs(a.x - b.x) >= 40 || Math.abs(a.y - b.y) >= 14, `${i}`)))
})

test('arrows go to the nearest market of their side', () => {
  const spots = Float64Array.from([0, 0, 10, 1, 30, 0, -5, 20, 0, -9])
  const all = [0, 1, 2, 3, 4]
  assert.equal(beside(spots, all, 0, 'ArrowRight'), 1)
  assert.equal(beside(spots, [0, 2, 3], 0, 'ArrowRight'), 2)
  assert.equal(beside(spots, all, 0, 'ArrowDown'), 3)
  assert.equal(beside(spots, all, 0, 'ArrowUp'), 4)
  assert.equal(beside(spots, all, 0, 'ArrowLeft'), -1) // what lies below is not to the left
  assert.equal(beside(spots, all, 0, 'Enter'), null)
})

test('a road is found near its line, if something flows there', () => {
  const bends = Float64Array.from([0, 0, 50, 0, 100, 0, 0, 40, 50, 40, 100, 40])
  assert.equal(road(bends, () => 2, 33, 5), 0)
  assert.equal(road(bends, () => 2, 50, 20), -1)
  assert.equal(road(bends, (a) => (a === 0 ? 0 : 2), 33, 2), -1)
})

test('who sold to whom is added up over weeks, the largest first', () => {
  const hub = new HubRun(0)
  const sold = (t: number, trades: [string, string, number, number, number][]) => hub.add({ kind: 'hub-week', t, goods: [{ g: 0, price: 10, units: 1, stored: 0, trades }] })
  sold(0, [['x', 'y', 0, 1, 10], ['x', 'z', 0, 4, 40]])
  sold(1, [['x', 'y', 0, 5, 60]])
  assert.deepEqual(deal(hub, 0, 0, 1).map((d) => [d.buyer, d.units, d.value]), [['y', 6, 70], ['z', 4, 40]])
  assert.deepEqual(deal(hub, 0, 1, 1).map((d) => d.units), [5])
  assert.deepEqual(deal(hub, 1, 0, 1), [])
})

test('parts of a price add up to it, by units sold', () => {
  const hub = new HubRun(0)
  hub.add({ kind: 'hub-week', t: 0, goods: [{ g: 0, price: 100, units: 1, stored: 0, cost: [70, 30] }] })
  hub.add({ kind: 'hub-week', t: 1, goods: [{ g: 0, price: 200, units: 3, stored: 0, cost: [220, -20] }] })
  const { values, price } = pile(hub, 0, 2, 4)
  assert.equal(price[0], 175)
  assert.deepEqual(values.map((v) => v[0]), [182.5, -7.5])
})

test('what happened is told with names, the newest first, and housekeeping is not', () => {
  const r = run([0, 1, 2, 3].map((t) => week(t, t === 3 ? { e: [0] } : t === 2 ? { x: [['capture', 2, 'jnim overruns a post of fama: 20 rifles, 2 heavier arms, 6000 rounds'], ['store_moved', 0, "a dealer's store from b"]] } : {})))
  assert.deepEqual(happened(r, 3, 5).map((x) => [x.tick, x.text]), [[3, 'a town falls'], [2, 'C: JNIM overruns a post of FAMA and takes 20 rifles']])
  assert.deepEqual(happened(r, 2, 5).map((x) => x.tick), [2])
})

test('profits of a network are those of the last year, not since the burn-in', () => {
  const r = run(Array.from({ length: 20 }, (_, t) => week(t, { n: [[0, 9, 4, 1000 + t, 5000 + 2 * t]] })))
  assert.deepEqual(networks(r, 10), [{ index: 0, carriers: 9, active: 4, profit: 10, turnover: 20 }])
})

test('a change has its sign, and a decimal where it is small', () => {
  assert.deepEqual([change(1200), change(-1200), change(0.04), change(2.5, 1), change(null)], ['+1\u00a0200', '−1\u00a0200', '0', '+2.5', '–'])
  assert.deepEqual([signed(rate(0.031)), signed(rate(1.28)), signed(rate(-0.5))], ['+3.1\u00a0%', '+128\u00a0%', '−50\u00a0%'])
  assert.equal(cite('MINUSMA, November 2018'), 'MINUSMA, November 2018')
  speech.lang = 'fr'
  assert.equal(cite('MINUSMA, November 2018; UN News 1 Jun 2023'), 'MINUSMA, novembre 2018; UN News 1er juin 2023')
  assert.equal(change(2.5, 1), '+2,5')
  speech.lang = 'en'
})

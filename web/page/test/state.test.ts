import './runes'
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { read, write, type Link } from '../src/link'
import { addMonths, bare, changes, free, homeward, moved, same, withEvent, withLayer, withoutEvent, withParameter } from '../src/edit'
import { marksOf, ticks } from '../src/chart/months'
import { amount, typed } from '../src/panel/change/amount'
import { dial, positions } from '../src/panel/change/dial'
import { csv, stem } from '../src/ui/save'
import { phrase } from '../src/ui/problem'
import type { Catalog, State, World } from '../src/engine/types'

const hash = (x: unknown) => '#s=' + Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)).toString('base64url')

test('a link comes back as it was written, accents and all', () => {
  const link: Link = {
    state: { scenario: 'offensive', layers: ['ddr-2025'], parameters: { 'road.payment': '15000' }, events: [{ id: 'x', date: '2024-01-01', factor: 2 }], seed: '18446744073709551615' },
    a: { file: 'version: 1\ntitle: Ménaka ⟶ Gao\n', seed: '0' },
    view: { tab: 'change', hubs: ['gao', 'kidal'], hub: 'gao', good: 'ak', tick: 7, lesson: 'shock', lang: 'fr' },
  }
  assert.deepEqual(read(write(link)), link)
})

test('no link is no error', () => {
  assert.equal(read(''), null)
  assert.equal(read('#room'), null)
})

for (const [what, h] of Object.entries({
  'too long': '#s=' + 'A'.repeat(500_000), 'not base64': '#s=%%%', 'not UTF-8': '#s=' + Buffer.from([0xff, 0xfe]).toString('base64url'), 'not JSON': hash('{'),
  'a list': hash([]), 'null': hash('null'), 'a state that is a list': hash({ state: [] }), 'no state': hash({ view: {} }),
})) test('a link is refused: ' + what, () => assert.throws(() => read(h)))

test('what has a wrong shape is left out', () => {
  const link = read(hash({
    state: { scenario: '<b>', seed: -1, layers: [1, 'calm', {}, '../../etc'], parameters: { 'a.b': 3, 'c.d': '1' }, events: [null, 'x', { id: 4 }, { id: 'ok', date: {}, factor: 2 }], extra: 1 },
    view: { tab: 7, tick: 1.5, hubs: 'gao', lang: 'de', hub: '<img src=x>' },
  }))
  assert.deepEqual(link, { state: { scenario: 'offensive', seed: '1', layers: ['calm'], parameters: { 'c.d': '1' }, events: [{ id: 'ok', factor: 2 }] }, view: {} })
})

test('a link cannot reach into prototypes', () => {
  const link = read(hash('{"state":{"scenario":"calm","seed":"1","__proto__":{"x":1},"parameters":{"__proto__":"1","constructor":"2","a.b":"3"},"events":[{"id":"e","__proto__":{"y":1}}]}}'))!
  assert.deepEqual(Object.keys(link.state.parameters!), ['a.b'])
  assert.equal(({} as Record<string, unknown>).x, undefined)
  assert.equal((link.state.events![0] as Record<string, unknown>).y, undefined)
})

test('a flood of events is cut', () => {
  const link = read(hash({ state: { seed: '1', events: Array.from({ length: 3000 }, (_, i) => ({ id: 'e' + i })) } }))!
  assert.equal(link.state.events!.length, 500)
})

const plain: State = { scenario: 'calm', seed: '1' }

test('what is changed and taken back leaves the state as it was', () => {
  assert.deepEqual(withParameter(withParameter(plain, 'a.b', '1'), 'a.b', null), plain)
  assert.deepEqual(withLayer(withLayer(plain, 'ddr', true), 'ddr', false), plain)
  assert.deepEqual(withoutEvent(withEvent(plain, { id: 'x', remove: true }), 'x'), plain)
  assert.deepEqual(withEvent(withEvent(plain, { id: 'x', remove: true }), { id: 'x', remove: undefined }), plain)
})

test('changes are counted and bared', () => {
  const s = withLayer(withEvent(withParameter(plain, 'a.b', '1'), { id: 'x', date: '2024-01-01' }), 'ddr', true)
  assert.equal(changes(s), 3)
  assert.deepEqual(bare(s), { ...plain, layers: ['ddr'] })
})

test('states are the same whatever the order of their fields', () => {
  assert.ok(same({ seed: '1', scenario: 'calm', parameters: { a: '1', b: '2' } }, { scenario: 'calm', parameters: { b: '2', a: '1' }, seed: '1' }))
  assert.ok(!same(plain, { ...plain, seed: '2' }))
})

test('an event that ends keeps its length when it is moved', () => {
  assert.deepEqual(moved({ id: 'x', date: '2023-01-31', until: '2023-03-02' }, '2024-02-01'), { id: 'x', date: '2024-02-01', until: '2024-03-02' })
  assert.equal(addMonths('2024-01-31', 1), '2024-02-29')
  assert.equal(addMonths('2024-01-15', -13), '2022-12-15')
})

test('a new event gets an id of its own', () => {
  const world = { events: [{ id: 'closed-gao' }] } as World
  assert.equal(free('closed-gao', { ...plain, events: [{ id: 'closed-gao-2' }] }, world), 'closed-gao-3')
})

test('a table is written so that neither commas nor formulas of names do harm', () => {
  assert.equal(csv({ columns: ['hub', 'price (CFA)'], rows: [['a,"b"', 1.5], ['=1+1', null], ['-x', -2]] }), 'hub,price (CFA)\r\n"a,""b""",1.5\r\n\'=1+1,\r\n\'-x,-2\r\n')
  assert.equal(stem('Ménaka: prix / année'), 'menaka-prix-annee')
})

test('axes end at round numbers, unless only a little lies beyond', () => {
  assert.deepEqual(ticks(0, 1290, 4), { low: 0, high: 1500, at: [0, 500, 1000, 1500] })
  assert.deepEqual(ticks(-20, 950, 4), { low: -20, high: 1000, at: [0, 500, 1000] })
  assert.deepEqual(ticks(-400, 950, 4), { low: -500, high: 1000, at: [-500, 0, 500, 1000] })
  assert.deepEqual(ticks(0, 0, 4).at.length > 1, true)
})

test('events stand at their month, those of one week together', () => {
  assert.deepEqual(marksOf(['2023-01', '2023-02', '2023-03'], [{ date: '2023-02-01', label: 'a' }, { date: '2023-02-02', label: 'b' }, { date: '2020-01-01', label: 'c' }]), [{ at: 1, label: 'a; b' }])
})

test('a slider reaches both ends, stands in the middle at the scenario’s value where the range is wide, and rises', () => {
  for (const [low, high, middle, whole] of [[0, 1e7, 2e5, true], [0, 20, 1, false], [0.1, 10, 1, false], [0, 1, 0.7, false], [1, 100000, 1, true]] as [number, number, number, boolean][]) {
    const d = dial(low, high, middle, whole)
    assert.equal(d.value(0), low)
    assert.equal(d.value(positions), high)
    for (let p = 1; p <= positions; p++) assert.ok(d.value(p) >= d.value(p - 1), `${high} at ${p}`)
    assert.ok(Math.abs(d.value(d.position(middle)) - middle) <= 0.02 * (middle - low) + 1e-9, `${d.value(d.position(middle))} for ${middle}`)
  }
  assert.equal(dial(0, 1e7, 2e5, true).position(2e5), positions / 2)
})

test('numbers are read as people write them, and sent as files have them', () => {
  for (const [text, lang, want] of [['0,05', 'fr', '0.05'], ['0,05', 'en', '0.05'], ['007', 'en', '7'], ['1e3', 'en', '1000'], ['.5', 'en', '0.5'], ['-.5', 'fr', '-0.5'], ['−,5', 'fr', '-0.5'],
    ['1 000', 'fr', '1000'], ['1\u202f000\u00a0000', 'fr', '1000000'], ['1,000', 'en', '1000'], ['1,000', 'fr', '1'], ['1,000,000.5', 'en', '1000000.5'], ['1e-7', 'en', '0.0000001'],
    ['1e25', 'en', '10000000000000000905969664'], ['-0', 'en', '0'], ['1e999', 'en', null], ['0x10', 'en', null], ['NaN', 'en', null], ['', 'en', null], ['1,2,3', 'en', null], ['--1', 'en', null], ['1.2.3', 'fr', null]] as const) {
    assert.equal(typed(text, lang), want, `${text} in ${lang}`)
  }
  assert.equal(amount('1e25').replace(/\D/g, ''), '10000000000000000905969664')
  assert.equal(amount('Infinity'), 'Infinity')
})

test('a state that cannot be run leads home', () => {
  const catalog = { scenarios: [{ name: 'calm' }, { name: 'offensive' }] } as Catalog
  assert.deepEqual(homeward({ scenario: 'calm', seed: '7', parameters: { a: '1' } }, catalog), { scenario: 'calm', seed: '7' })
  assert.deepEqual(homeward({ scenario: 'no-such', seed: '99999999999999999999' }, catalog), { scenario: 'offensive', seed: '1' })
  assert.deepEqual(homeward({ file: 'x', seed: '3' }, catalog), { scenario: 'offensive', seed: '3' })
})

test('a phrase is said with what it is filled with', () => {
  assert.equal(phrase(['must be %s, got %s', ['a number from %s to %s', '0', '1'], '"%s"']), 'must be a number from 0 to 1, got "%s"')
})

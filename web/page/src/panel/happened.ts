// What happened in a run, in words: the events of the scenario, and what actors did.
import type { Run } from '../engine/run'
import type { World } from '../engine/types'
import { f, n, t } from '../words'
import * as names from '../ui/names'
import { title } from './change/causes'

export interface News { tick: number; text: string; key: string; hub: number }

// What actors do is told as the engine notes it, with ids; what is not here is no news.
const notes: [RegExp, (name: (id: string) => string, part: string[]) => string][] = [
  [/^(\w+) overruns a post of (\w+): (\d+) rifles/, (name, [a, b, rifles]) => n(Number(rifles), '%[2]s overruns a post of %[3]s and takes %[1]s rifle', '%[2]s overruns a post of %[3]s and takes %[1]s rifles', name(a), name(b))],
  [/^(\w+) ambushes (\w+): (\d+) rifles taken/, (name, [a, b, rifles]) => n(Number(rifles), '%[2]s ambushes %[3]s and takes %[1]s rifle', '%[2]s ambushes %[3]s and takes %[1]s rifles', name(a), name(b))],
  [/^taken by (\w+) on the march/, (name, [a]) => f('taken by %s', name(a))],
  [/^(\w+) is held up and turns back/, (name, [a]) => f('%s is held up and turns back', name(a))],
  [/^(\w+) takes over from (\w+)/, (name, [a, b]) => f('%s takes over from %s', name(a), name(b))],
]

function told(world: World, text: string): string {
  const name = (id: string) => {
    const known = [...world.groups, ...world.forces].find((x) => x.id === id)
    return known ? t(known.name).split(' (')[0] : id
  }
  for (const [pattern, say] of notes) {
    const found = pattern.exec(text)
    if (found) return say(name, found.slice(1))
  }
  return ''
}

/** happened returns the last things that happened up to a week, the newest first. */
export function happened(run: Run, tick: number, most: number): News[] {
  const out: News[] = []
  for (let at = tick; at >= 0 && out.length < most; at--) out.push(...inWeek(run, at))
  return out.slice(0, most)
}

export function inWeek(run: Run, tick: number): News[] {
  const week = run.week[tick]
  if (!week) return []
  const out: News[] = []
  const seen = new Set<string>()
  for (const e of week.e ?? []) {
    const event = run.world.events[e]
    const text = event && title(event, run.world)
    if (!text || seen.has(text)) continue
    seen.add(text)
    out.push({ tick, text, key: `e${e}`, hub: event.hub })
  }
  week.x?.forEach(([, hub, text], i) => {
    const said = told(run.world, text)
    if (said) out.push({ tick, text: hub >= 0 ? f('%s: %s', names.hub(run.world, hub), said) : said, key: `x${tick}.${i}`, hub })
  })
  return out
}

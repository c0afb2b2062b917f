// What happened in a run, in words: the events of the scenario, and what actors did.
import type { Run } from '../engine/run'
import { f, t } from '../words'
import * as names from '../ui/names'

export interface News { tick: number; text: string; key: string; hub: number }

const told = new Set(['capture', 'hub_control', 'clash', 'campaign', 'succession', 'drone_attack']) // what actors do besides is no news

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
    if (event && !seen.has(event.label)) {
      seen.add(event.label)
      out.push({ tick, text: t(event.label), key: `e${e}`, hub: event.hub })
    }
  }
  week.x?.forEach(([kind, hub, text], i) => {
    if (told.has(kind) && hub >= 0) out.push({ tick, text: f('%s: %s', names.hub(run.world, hub), t(text)), key: `x${tick}.${i}`, hub })
  })
  return out
}

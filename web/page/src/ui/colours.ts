// The palette of look.css for drawings on canvas, which know no style sheet, and which of its colours stands for what.
import { reactive } from './reactive.svelte'

const names = [
  'ink', 'soft', 'line', 'ground', 'raised', 'accent', 'focus', 'blue', 'sky', 'green', 'yellow', 'orange', 'vermilion', 'purple', 'neutral', 'land', 'border',
] as const
export type Colour = (typeof names)[number]
export type Palette = Record<Colour, string>

/** Counts up when the ground changes between light and dark, so that canvases are drawn anew. */
const look = reactive({ changed: 0 })
let known: Palette | null = null

function forget() {
  known = null
  look.changed++
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', forget)
new MutationObserver(forget).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })

/** palette returns the colours as they are now; who reads it in an effect is called again when they change. */
export function palette(): Palette {
  void look.changed
  if (!known) {
    const style = getComputedStyle(document.documentElement)
    known = Object.fromEntries(names.map((x) => [x, style.getPropertyValue('--' + x).trim()])) as Palette
  }
  return known
}

/** Lines of a chart, in order, told apart by colour-blind readers (Okabe & Ito 2008); as in the figures of the program. */
export const series: Colour[] = ['blue', 'vermilion', 'green', 'purple', 'orange', 'sky', 'ink', 'neutral']

/** originColour keeps an origin's colour the same in every drawing. */
export function originColour(origin: string): Colour {
  const of: Record<string, Colour> = { libya: 'blue', sudan: 'orange', nigeria: 'green', state_diverted: 'vermilion', captured: 'purple', ddr: 'yellow', local: 'neutral' }
  const others: Colour[] = ['sky', 'ink', 'blue', 'green'] // of another world
  return of[origin] ?? others[[...new TextEncoder().encode(origin)].reduce((sum, b) => sum + b, 0) % 4]
}

/** componentColour keeps the colour of a part of the price the same in every drawing. */
export function componentColour(component: string): Colour {
  const of: Record<string, Colour> = { origin: 'blue', transport: 'sky', toll: 'green', payment: 'yellow', risk: 'vermilion', storage: 'purple' }
  return of[component] ?? 'neutral'
}

const ofGroups: Colour[] = ['vermilion', 'purple', 'green', 'sky', 'orange', 'yellow', 'blue', 'neutral']
const ofForces: Colour[] = ['ink', 'soft', 'neutral']

/** controllerColour is the colour of whoever holds a hub: groups are coloured, armies dark (and square). The code is that of the weeks: force, -1-group, -1000. */
export function controllerColour(code: number): Colour {
  if (code === nobody) return 'border'
  return code < 0 ? ofGroups[(-1 - code) % ofGroups.length] : ofForces[Math.min(code, ofForces.length - 1)]
}

export const nobody = -1000

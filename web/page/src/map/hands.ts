// How the map is handled: the wheel and two fingers zoom, a drag moves, a tap chooses.
import { zoomed, type View } from './geo'

export interface Point { x: number; y: number }

export interface Handled {
  view: () => View
  move: (view: View) => void
  over: (at: Point | null, target: HTMLElement | null) => void // the pointer is there, or gone
  tap: (at: Point) => void
}

const still = 4 // pixels: who moves less meant to tap

/** hands makes an element handle a map. The wheel zooms only where that is meant (with ctrl, or once the map is in use): else it scrolls the page. */
export function hands(node: HTMLElement, map: Handled) {
  const fingers = new Map<number, Point>()
  let moved = 0
  const at = (e: MouseEvent): Point => {
    const box = node.getBoundingClientRect()
    return { x: e.clientX - box.left, y: e.clientY - box.top }
  }

  const does = {
    wheel(e: WheelEvent) {
      if (!e.ctrlKey && !e.metaKey && !node.contains(document.activeElement)) return
      e.preventDefault()
      const p = at(e)
      map.move(zoomed(map.view(), 2 ** (-e.deltaY / (e.ctrlKey ? 80 : 260)), p.x, p.y))
    },
    pointerdown(e: PointerEvent) {
      fingers.set(e.pointerId, at(e))
      moved = 0
    },
    pointermove(e: PointerEvent) {
      const now = at(e)
      const before = fingers.get(e.pointerId)
      if (!before) return map.over(now, e.target as HTMLElement)
      const other = [...fingers].find(([id]) => id !== e.pointerId)?.[1]
      moved += Math.hypot(now.x - before.x, now.y - before.y)
      if (other) map.move(pinched(map.view(), before, now, other))
      else if (e.pointerType === 'mouse' && moved > still) map.move({ ...map.view(), x: map.view().x + now.x - before.x, y: map.view().y + now.y - before.y })
      fingers.set(e.pointerId, now)
    },
    pointerup(e: PointerEvent) {
      const tapped = fingers.size === 1 && moved <= still && !(e.target as HTMLElement).closest('button')
      fingers.delete(e.pointerId)
      if (tapped) map.tap(at(e))
    },
    pointercancel: (e: PointerEvent) => void fingers.delete(e.pointerId),
    pointerleave(e: PointerEvent) {
      fingers.delete(e.pointerId)
      map.over(null, null)
    },
  }
  const all = Object.entries(does) as [string, EventListener][]
  for (const [name, listener] of all) node.addEventListener(name, listener, { passive: false })
  return { destroy: () => all.forEach(([name, listener]) => node.removeEventListener(name, listener)) }
}

/** pinched zooms about the middle of two fingers, of which one moved, and follows it. */
function pinched(view: View, before: Point, now: Point, other: Point): View {
  const by = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(20, Math.hypot(before.x - other.x, before.y - other.y))
  const next = zoomed(view, by, (now.x + other.x) / 2, (now.y + other.y) / 2)
  return { ...next, x: next.x + (now.x - before.x) / 2, y: next.y + (now.y - before.y) / 2 }
}

// Painting the map on a canvas: the ground when the view changes, what flows and who holds what with every week.
import { originColour, type Palette } from '../ui/colours'
import type { Run } from '../engine/run'
import type { Land, View } from './geo'
import type { Label } from './labels'
import type { Roads } from './roads'

const font = '12px "Liberation Sans", Arimo, Arial, Helvetica, sans-serif'
export const widest = 11 // pixels, of the busiest road

/** Spots are where hubs lie in the drawing: x, y. */
export type Spots = Float64Array

/** Bends are roads in the drawing: beginning, control point and end of a curve to the right of the straight line, so that both directions can be seen. */
export type Bends = Float64Array

export function bends(run: Run, spots: Spots): Bends {
  const out = new Float64Array(run.world.arcs.length * 6)
  run.world.arcs.forEach(({ from, to }, a) => {
    const [x0, y0, x1, y1] = [spots[2 * from], spots[2 * from + 1], spots[2 * to], spots[2 * to + 1]]
    const bow = 0.12
    out.set([x0, y0, (x0 + x1) / 2 - (y1 - y0) * bow, (y0 + y1) / 2 + (x1 - x0) * bow, x1, y1], 6 * a)
  })
  return out
}

/** ground paints land, borders, names of countries and roads without traffic. */
export function ground(pen: CanvasRenderingContext2D, land: Land, view: View, roads: Bends, name: (country: string) => string, c: Palette, width: number, height: number): void {
  pen.clearRect(0, 0, width, height)
  pen.save()
  pen.translate(view.x, view.y)
  pen.scale(view.k, view.k)
  pen.fillStyle = c.land
  pen.fill(land.coasts)
  pen.strokeStyle = c.border
  pen.lineWidth = 1 / view.k
  pen.stroke(land.coasts)
  pen.setLineDash([4 / view.k, 3 / view.k])
  pen.stroke(land.borders)
  pen.restore()
  pen.strokeStyle = c.border
  pen.lineWidth = 0.6
  pen.globalAlpha = 0.55
  pen.beginPath()
  for (let a = 0; a < roads.length; a += 6) {
    pen.moveTo(roads[a], roads[a + 1])
    pen.lineTo(roads[a + 4], roads[a + 5])
  }
  pen.stroke()
  pen.globalAlpha = 1
  pen.font = 'italic ' + font
  pen.textAlign = 'center'
  pen.fillStyle = c.soft
  pen.globalAlpha = 0.75
  for (const { name: country, x, y, size } of land.countries) {
    const text = name(country)
    const [at, half] = [x * view.k + view.x, pen.measureText(text.toUpperCase()).width / 2]
    const line = y * view.k + view.y
    const fits = at > half + 4 && at < width - half - 4 && line > 16 && line < height - 8
    if (fits && size * view.k > half * 2.2) pen.fillText(text.toUpperCase(), at, line)
  }
  pen.globalAlpha = 1
}

/** violence paints a halo about hubs; its radius grows with the index, 1 being the regional mean of 2017. */
export function violence(pen: CanvasRenderingContext2D, hubs: number[][], spots: Spots, scale: number, c: Palette): void {
  pen.fillStyle = c.vermilion
  pen.globalAlpha = 0.16
  for (let h = 0; h < hubs.length; h++) {
    const r = 16 * scale * Math.sqrt(hubs[h][2] / 1000)
    pen.beginPath()
    pen.arc(spots[2 * h], spots[2 * h + 1], r, 0, 7)
    pen.fill()
  }
  pen.globalAlpha = 1
}

/** thickness of a road by what flows on it. */
export function thickness(units: number, busiest: number): number {
  return units > 0 ? Math.max(0.9, widest * Math.sqrt(units / busiest)) : 0
}

/** flows paints arcs: width by units, colour by the main origin, an arrow for the direction, crossed circles for losses; and while time (ms) runs, what moves on them. */
export function flows(pen: CanvasRenderingContext2D, roads: Roads, at: Bends, origins: string[], chosen: number, now: number, c: Palette): void {
  pen.lineCap = 'butt'
  for (let a = 0; a < roads.total.length; a++) {
    const w = thickness(roads.total[a], roads.busiest)
    if (!w && a !== chosen) continue
    const i = 6 * a
    pen.beginPath()
    pen.moveTo(at[i], at[i + 1])
    pen.quadraticCurveTo(at[i + 2], at[i + 3], at[i + 4], at[i + 5])
    if (a === chosen) {
      pen.strokeStyle = c.focus
      pen.lineWidth = w + 6
      pen.globalAlpha = 0.6
      pen.stroke()
    }
    pen.strokeStyle = c[originColour(origins[roads.main[a]])]
    pen.lineWidth = w
    pen.globalAlpha = w < 1.5 ? 0.55 : 0.82
    pen.stroke()
    if (w >= 1.6) arrow(pen, at, i, w)
  }
  if (now >= 0) stream(pen, roads, at, now, c)
  pen.globalAlpha = 1
  for (let a = 0; a < roads.lost.length; a++) if (roads.lost[a] > 0) loss(pen, at, 6 * a, roads.lost[a] / roads.busiest, c)
}

const pace = 0.03 // pixels a millisecond that dashes move

// Roads of a thickness from, to, and how thick their dashes are: three strokes for all.
const streams = [[1.6, 3, 1.1], [3, 6, 1.8], [6, Infinity, 3]]

/** stream paints dashes that move along the roads, the way the goods go: pale, so that the colour of the origin stays. */
function stream(pen: CanvasRenderingContext2D, roads: Roads, at: Bends, now: number, c: Palette): void {
  pen.strokeStyle = c.ground
  pen.globalAlpha = 0.85
  pen.setLineDash([4, 12])
  pen.lineDashOffset = -((now * pace) % 16)
  for (const [low, high, wide] of streams) {
    pen.lineWidth = wide
    pen.beginPath()
    for (let a = 0; a < roads.total.length; a++) {
      const w = thickness(roads.total[a], roads.busiest)
      if (w < low || w >= high) continue
      pen.moveTo(at[6 * a], at[6 * a + 1])
      pen.quadraticCurveTo(at[6 * a + 2], at[6 * a + 3], at[6 * a + 4], at[6 * a + 5])
    }
    pen.stroke()
  }
  pen.setLineDash([])
}

/** arrow stands past the middle of a bend, where the two directions of a road lie apart. */
function arrow(pen: CanvasRenderingContext2D, at: Bends, i: number, w: number): void {
  const s = 0.62
  const u = 1 - s
  const x = u * u * at[i] + 2 * u * s * at[i + 2] + s * s * at[i + 4]
  const y = u * u * at[i + 1] + 2 * u * s * at[i + 3] + s * s * at[i + 5]
  let dx = u * (at[i + 2] - at[i]) + s * (at[i + 4] - at[i + 2])
  let dy = u * (at[i + 3] - at[i + 1]) + s * (at[i + 5] - at[i + 3])
  const length = Math.hypot(dx, dy)
  if (length < 4) return
  dx /= length
  dy /= length
  const r = 3.2 + w * 0.75
  pen.fillStyle = pen.strokeStyle
  pen.globalAlpha = 1
  pen.beginPath()
  pen.moveTo(x + dx * r * 1.3, y + dy * r * 1.3)
  pen.lineTo(x - dx * r * 0.7 - dy * r * 0.8, y - dy * r * 0.7 + dx * r * 0.8)
  pen.lineTo(x - dx * r * 0.7 + dy * r * 0.8, y - dy * r * 0.7 - dx * r * 0.8)
  pen.closePath()
  pen.fill()
}

/** loss is a crossed circle at a third of the way; its area grows with what was lost. */
function loss(pen: CanvasRenderingContext2D, at: Bends, i: number, share: number, c: Palette): void {
  const s = 0.36
  const u = 1 - s
  const x = u * u * at[i] + 2 * u * s * at[i + 2] + s * s * at[i + 4]
  const y = u * u * at[i + 1] + 2 * u * s * at[i + 3] + s * s * at[i + 5]
  const r = Math.max(3.6, Math.min(11, 22 * Math.sqrt(share)))
  const d = r * 0.7
  pen.fillStyle = c.ground
  pen.strokeStyle = c.ink
  pen.lineWidth = r < 5 ? 0.9 : 1.3
  pen.beginPath()
  pen.arc(x, y, r, 0, 7)
  pen.fill()
  pen.moveTo(x - d, y - d)
  pen.lineTo(x + d, y + d)
  pen.moveTo(x + d, y - d)
  pen.lineTo(x - d, y + d)
  pen.stroke()
}

/** mark paints one hub: square for an army, circle for a group or nobody; full where arms are traded openly, hollow in secret, barred where closed. */
export function mark(pen: CanvasRenderingContext2D, x: number, y: number, r: number, army: boolean, regime: number, colour: string, c: Palette): void {
  const shape = (size: number) => {
    pen.beginPath()
    if (army) pen.rect(x - size * 0.9, y - size * 0.9, 1.8 * size, 1.8 * size)
    else pen.arc(x, y, size, 0, 7)
  }
  pen.fillStyle = c.ground
  shape(r + 1.6)
  pen.fill()
  pen.fillStyle = colour
  shape(r)
  pen.fill()
  if (regime === 0 || r < 3) return
  pen.fillStyle = c.ground
  shape(r * 0.5)
  pen.fill()
  if (regime === 1) return
  pen.strokeStyle = colour
  pen.lineWidth = Math.max(1.5, r * 0.3)
  pen.beginPath()
  pen.moveTo(x - r * 0.6, y + r * 0.6)
  pen.lineTo(x + r * 0.6, y - r * 0.6)
  pen.stroke()
}

export function names(pen: CanvasRenderingContext2D, labels: Label[], c: Palette): void {
  pen.lineJoin = 'round'
  pen.lineWidth = 3.5
  pen.strokeStyle = c.ground
  pen.fillStyle = c.ink
  for (const l of labels) {
    pen.font = (l.bold ? 'bold ' : '') + font
    pen.textAlign = l.align
    pen.globalAlpha = 0.85
    pen.strokeText(l.text, l.x, l.y)
    pen.globalAlpha = 1
    pen.fillText(l.text, l.x, l.y)
  }
}

export function measurer(pen: CanvasRenderingContext2D): (text: string, bold: boolean) => number {
  return (text, bold) => {
    pen.font = (bold ? 'bold ' : '') + font
    return pen.measureText(text).width
  }
}

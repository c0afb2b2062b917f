// Drawing a chart over time on a canvas. What moves with every week (cursor, veil) is not drawn here, so that playing costs nothing.
import type { Colour, Palette } from '../ui/colours'
import { dates, stops, top, weekOf } from './scale'

/** A line over weeks, or a layer of a pile over bins of weeks; NaN is nothing. */
export interface Line {
  name: string
  colour: Colour
  values: ArrayLike<number>
  dots?: ArrayLike<number> // single weeks, pale
  dashed?: boolean
  thin?: boolean
  tag?: boolean // the name stands at the end of the line
  area?: boolean // a layer of the pile
}

/** An event; those with a short name have a line through the chart. */
export interface Mark { tick: number; label: string; short?: string }
export interface Range { start: string; end: string; low: number; high: number; colour: Colour; label: string }

export interface Plot {
  start: string
  weeks: number
  lines: Line[]
  bin?: number // weeks of a bar of the pile
  marks?: Mark[]
  ranges?: Range[]
  unit: string
  format: (v: number) => string
  most?: number // end of the axis, if it is not the data's to say
  whole?: boolean // the axis counts things: no fractions
  key?: boolean // names of the lines stand above, where they do not stand at their ends
}

/** Where things are, in pixels of the page. */
export interface Frame { x: number; y: number; w: number; h: number; low: number; high: number; perWeek: number }

const font = '12px "Liberation Sans", Arimo, Arial, Helvetica, sans-serif'

export function px(frame: Frame, tick: number): number {
  return frame.x + (tick + 0.5) * frame.perWeek
}

export function py(frame: Frame, value: number): number {
  return frame.y + frame.h - ((value - frame.low) / (frame.high - frame.low)) * frame.h
}

/** draw paints the plot and returns where it lies. */
export function draw(pen: CanvasRenderingContext2D, plot: Plot, width: number, height: number, c: Palette): Frame {
  pen.clearRect(0, 0, width, height)
  pen.font = font
  const [low, high] = extent(plot)
  const levels = stops(low, high, Math.max(2, Math.min(5, Math.floor(height / 42)))).filter((v) => !plot.whole || Number.isInteger(v))
  const labels = levels.map(plot.format)
  const left = Math.ceil(Math.max(...labels.map((l) => pen.measureText(l).width), 14)) + 8
  const tags = width > 480 ? plot.lines.filter((l) => l.tag) : []
  const right = tags.length ? Math.ceil(Math.max(...tags.map((l) => pen.measureText(l.name).width))) + 22 : 10
  const keys = plot.key && !tags.length ? key(pen, plot.lines, width, c) : 0
  const head = 22 + keys + (plot.marks?.length ? 12 : 0)
  const frame: Frame = { x: left, y: head, w: Math.max(40, width - left - right), h: Math.max(30, height - head - 20), low, high, perWeek: 0 }
  frame.perWeek = frame.w / plot.weeks
  axes(pen, plot, frame, levels, labels, c)
  const bottom = frame.y + frame.h
  pen.save()
  pen.beginPath()
  pen.rect(frame.x, frame.y - 1, frame.w, frame.h + 2)
  pen.clip()
  ranges(pen, plot, frame, c)
  pile(pen, plot, frame, c)
  pen.restore()
  marks(pen, plot, frame, c)
  for (const line of plot.lines) if (line.dots) dots(pen, line, frame, c)
  for (const line of plot.lines) if (!line.area) path(pen, line, frame, c)
  pen.fillStyle = c.line
  pen.fillRect(frame.x, bottom, frame.w, 1)
  if (tags.length) names(pen, tags, frame, c)
  return frame
}

/** key writes the names of lines under the unit, as many rows as it takes, and returns how high that is. */
function key(pen: CanvasRenderingContext2D, lines: Line[], width: number, c: Palette): number {
  const row = 16
  let x = 0
  let y = 12 + row
  pen.textAlign = 'left'
  for (const line of lines) {
    const wide = pen.measureText(line.name).width + 26
    if (x > 0 && x + wide > width) [x, y] = [0, y + row]
    pen.fillStyle = c[line.colour]
    pen.fillRect(x, y - 8, 9, 9)
    pen.fillStyle = c.ink
    pen.fillText(line.name, x + 13, y)
    x += wide
  }
  return y - 12
}

/** extent is the span of the axis. A few weeks far above all others do not flatten the rest: they are drawn at the edge. */
function extent(plot: Plot): [number, number] {
  let low = 0
  let high = usual(plot.lines.filter((l) => !l.area))
  const piled = plot.lines.filter((l) => l.area)
  for (let i = 0; piled.length && i < piled[0].values.length; i++) {
    let up = 0
    let down = 0
    for (const layer of piled) {
      const v = layer.values[i] || 0
      if (v > 0) up += v
      else down += v
    }
    high = Math.max(high, up)
    low = Math.min(low, down)
  }
  for (const r of plot.ranges ?? []) high = Math.max(high, r.high)
  const end = plot.most ?? top(high, 4)
  return [Math.max(low * 1.05, -end / 2), end]
}

/** usual is the highest value of lines, or a little over what one week in fifty exceeds where that is less. */
function usual(lines: Line[]): number {
  const all: number[] = []
  for (const { values, dots } of lines) {
    for (let i = 0; i < values.length; i++) if (values[i] > 0) all.push(values[i])
    if (dots && !values.length) for (let i = 0; i < dots.length; i++) if (dots[i] > 0) all.push(dots[i])
  }
  if (!all.length) return 0
  const sorted = Float64Array.from(all).sort()
  const last = sorted[sorted.length - 1]
  return Math.min(last, 1.2 * sorted[Math.floor(sorted.length * 0.98)])
}

function axes(pen: CanvasRenderingContext2D, plot: Plot, frame: Frame, levels: number[], labels: string[], c: Palette): void {
  pen.fillStyle = c.soft
  pen.textBaseline = 'alphabetic'
  pen.textAlign = 'left'
  pen.fillText(plot.unit, 0, 12)
  pen.textAlign = 'right'
  levels.forEach((v, i) => {
    const y = Math.round(py(frame, v))
    pen.fillStyle = c.line
    pen.fillRect(frame.x, y, frame.w, 1)
    pen.fillStyle = c.soft
    pen.fillText(labels[i], frame.x - 5, y + 4)
  })
  let free = -1e9 // where the label before ends
  for (const stop of dates(plot.start, plot.weeks, frame.w)) {
    const x = Math.round(frame.x + stop.at * frame.perWeek)
    pen.fillStyle = c.line
    pen.fillRect(x, frame.y + frame.h, 1, stop.strong ? 7 : 4)
    const wide = pen.measureText(stop.label).width
    const at = Math.min(Math.max(x - wide / 2, frame.x - 4), frame.x + frame.w + 8 - wide)
    if (at < free + 6) continue
    free = at + wide
    pen.fillStyle = stop.strong ? c.ink : c.soft
    pen.textAlign = 'left'
    pen.fillText(stop.label, at, frame.y + frame.h + 17)
  }
}

/** ranges are prices that sources report: a box from their first to their last day, a diamond if it is a moment. */
function ranges(pen: CanvasRenderingContext2D, plot: Plot, frame: Frame, c: Palette): void {
  for (const r of plot.ranges ?? []) {
    const x0 = frame.x + weekOf(plot.start, r.start) * frame.perWeek
    const x1 = frame.x + (weekOf(plot.start, r.end) + 1 / 7) * frame.perWeek
    const y0 = py(frame, r.high)
    const y1 = py(frame, r.low)
    pen.strokeStyle = pen.fillStyle = c[r.colour]
    pen.lineWidth = 1.4
    if (r.low === r.high || x1 - x0 < 5) {
      diamond(pen, (x0 + x1) / 2, (y0 + y1) / 2)
      if (r.low === r.high) continue
    }
    pen.globalAlpha = 0.16
    pen.fillRect(x0, y0, Math.max(3, x1 - x0), y1 - y0)
    pen.globalAlpha = 1
    pen.strokeRect(x0, y0, Math.max(3, x1 - x0), y1 - y0)
  }
}

function diamond(pen: CanvasRenderingContext2D, x: number, y: number): void {
  pen.beginPath()
  pen.moveTo(x, y - 6)
  pen.lineTo(x + 6, y)
  pen.lineTo(x, y + 6)
  pen.lineTo(x - 6, y)
  pen.closePath()
  pen.fill()
}

function pile(pen: CanvasRenderingContext2D, plot: Plot, frame: Frame, c: Palette): void {
  const layers = plot.lines.filter((l) => l.area)
  const bin = plot.bin ?? 1
  const zero = py(frame, 0)
  const gap = bin * frame.perWeek > 5 ? 1 : 0
  for (let i = 0; layers.length && i < layers[0].values.length; i++) {
    const x = frame.x + i * bin * frame.perWeek
    const w = Math.min(bin * frame.perWeek, frame.x + frame.w - x) - gap
    let up = zero
    let down = zero
    for (const layer of layers) {
      const v = layer.values[i]
      if (!v) continue
      const h = zero - py(frame, Math.abs(v))
      pen.fillStyle = c[layer.colour]
      if (v > 0) pen.fillRect(x, (up -= h), w, h)
      else {
        pen.fillRect(x, down, w, h)
        down += h
      }
    }
  }
}

/** marks points at events from above. What happened to the hubs of the chart has a line through it and its name along the line. */
function marks(pen: CanvasRenderingContext2D, plot: Plot, frame: Frame, c: Palette): void {
  let free = -Infinity // right of the last name
  for (const mark of plot.marks ?? []) {
    const x = Math.round(px(frame, mark.tick)) + 0.5
    pen.strokeStyle = pen.fillStyle = c.soft
    pen.lineWidth = 1
    pen.globalAlpha = mark.short ? 0.75 : 0.28
    pen.beginPath()
    pen.moveTo(x, frame.y)
    pen.lineTo(x, frame.y + (mark.short ? frame.h : 6))
    pen.stroke()
    pen.globalAlpha = mark.short ? 1 : 0.6
    pen.beginPath()
    pen.moveTo(x - 4, frame.y - 9)
    pen.lineTo(x + 4, frame.y - 9)
    pen.lineTo(x, frame.y - 2)
    pen.fill()
    pen.globalAlpha = 1
    if (!mark.short || x - 14 < free) continue
    along(pen, mark.short, x - 4, frame, c)
    free = x
  }
}

/** along writes a text upwards beside a line, as much of it as fits. */
function along(pen: CanvasRenderingContext2D, text: string, x: number, frame: Frame, c: Palette): void {
  let short = text
  while (short.length > 4 && pen.measureText(short).width > frame.h * 0.55) short = short.slice(0, -2).trimEnd() + '…'
  pen.save()
  pen.translate(x, frame.y + 8)
  pen.rotate(-Math.PI / 2)
  pen.textAlign = 'right'
  pen.lineWidth = 3
  pen.strokeStyle = c.ground
  pen.strokeText(short, 0, 0)
  pen.fillStyle = c.soft
  pen.fillText(short, 0, 0)
  pen.restore()
}

function dots(pen: CanvasRenderingContext2D, line: Line, frame: Frame, c: Palette): void {
  pen.fillStyle = c[line.colour]
  pen.globalAlpha = 0.35
  const r = frame.perWeek > 5 ? 2 : 1.4
  pen.beginPath()
  for (let i = 0; i < line.dots!.length; i++) {
    const v = line.dots![i]
    if (!(v >= 0)) continue
    const x = px(frame, i)
    const y = Math.max(frame.y, py(frame, v))
    pen.moveTo(x + r, y)
    pen.arc(x, y, r, 0, 7)
  }
  pen.fill()
  pen.globalAlpha = 1
}

function path(pen: CanvasRenderingContext2D, line: Line, frame: Frame, c: Palette): void {
  pen.strokeStyle = c[line.colour]
  pen.lineWidth = line.thin ? 1.2 : 2
  pen.lineJoin = 'round'
  pen.setLineDash(line.dashed ? [5, 4] : [])
  pen.beginPath()
  let open = false
  for (let i = 0; i < line.values.length; i++) {
    const v = line.values[i]
    if (Number.isNaN(v)) open = false
    else if (open) pen.lineTo(px(frame, i), Math.max(frame.y, py(frame, v)))
    else {
      pen.moveTo(px(frame, i) - 0.5, Math.max(frame.y, py(frame, v)))
      open = true
    }
  }
  pen.stroke()
  pen.setLineDash([])
  beyond(pen, line, frame, c)
}

/** beyond marks at the edge where a line leaves the axis. */
function beyond(pen: CanvasRenderingContext2D, line: Line, frame: Frame, c: Palette): void {
  pen.fillStyle = c[line.colour]
  for (let i = 0, free = -9; i < line.values.length; i++) {
    const x = px(frame, i)
    if (!(line.values[i] > frame.high) || x < free) continue
    free = x + 9
    pen.beginPath()
    pen.moveTo(x - 4, frame.y + 8)
    pen.lineTo(x + 4, frame.y + 8)
    pen.lineTo(x, frame.y + 1)
    pen.fill()
  }
}

/** names writes the names of lines at their ends, moved apart where they would overlap. */
function names(pen: CanvasRenderingContext2D, tags: Line[], frame: Frame, c: Palette): void {
  const places = tags.flatMap((line) => {
    for (let i = line.values.length - 1; i >= 0; i--) if (!Number.isNaN(line.values[i])) return [{ line, y: Math.max(frame.y, py(frame, line.values[i])) }]
    return []
  })
  places.sort((a, b) => a.y - b.y)
  const room = 14
  for (let i = 1; i < places.length; i++) places[i].y = Math.max(places[i].y, places[i - 1].y + room)
  let floor = frame.y + frame.h
  for (let i = places.length - 1; i >= 0; i--) {
    places[i].y = Math.min(places[i].y, floor)
    floor = places[i].y - room
  }
  pen.textAlign = 'left'
  for (const { line, y } of places) { // a swatch says whose it is: letters in pale colours cannot be read
    pen.fillStyle = c[line.colour]
    pen.fillRect(frame.x + frame.w + 5, y - 4, 9, 9)
    pen.fillStyle = c.ink
    pen.fillText(line.name, frame.x + frame.w + 18, y + 4)
  }
}

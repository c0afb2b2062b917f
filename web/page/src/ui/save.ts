// Saving what the page shows: tables as CSV, drawings as SVG or PNG. All by links to blobs, which no policy of the server's need allow for.

export type Cell = string | number | null | undefined

/** A table to save: names of columns with their units ("price (CFA per unit)"), and rows. */
export interface Sheet { columns: string[]; rows: Cell[][] }

/** What stands around a drawing in its picture. */
export interface Frame { title: string; caption: string[]; legend?: { label: string; colour: string }[] }

/** offer hands a file to the reader's browser. */
export function offer(name: string, type: string, ...parts: BlobPart[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** stem makes a file name of a text. */
export function stem(text: string): string {
  const plain = text.normalize('NFD').replace(/[^\x20-\x7e]/g, '').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 80) || 'entrepot'
}

/** csv writes a table with the decimal point of data files, whatever the language of the page. */
export function csv(sheet: Sheet): string {
  return [sheet.columns, ...sheet.rows].map((row) => row.map(cell).join(',') + '\r\n').join('')
}

function cell(x: Cell): string {
  if (x == null || Number.isNaN(x)) return ''
  if (typeof x === 'number') return String(x)
  const text = /^[=+\-@\t]/.test(x) ? "'" + x : x // spreadsheets run what begins so, and names may be a stranger's
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text
}

const svgSpace = 'http://www.w3.org/2000/svg'
const margin = 14
const titleSize = 16
const textSize = 12
const lineHeight = 17

// What style sheets may say of a drawing and a lone file would lose.
const kept = [
  'fill', 'fill-opacity', 'stroke', 'stroke-opacity', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity', 'visibility',
  'paint-order', 'font-family', 'font-size', 'font-weight', 'font-style', 'text-anchor', 'dominant-baseline', 'vector-effect',
]

/** picture returns a drawing on the page as a file of its own: its styles made its own, a title above, a legend and captions below. */
export function picture(drawing: SVGSVGElement, frame: Frame): string {
  const { width, height } = size(drawing)
  const colours = ground()
  frame = { ...frame, caption: frame.caption.flatMap((line) => wrap(line, width)) }
  const inner = drawing.cloneNode(true) as SVGSVGElement
  settle(drawing, inner)
  inner.setAttribute('x', String(margin))
  inner.setAttribute('y', String(top(frame)))
  inner.setAttribute('width', String(width))
  inner.setAttribute('height', String(height))
  if (!inner.getAttribute('viewBox')) inner.setAttribute('viewBox', `0 0 ${width} ${height}`)

  const whole = [width + 2 * margin, top(frame) + height + below(frame)]
  const out = make('svg', { xmlns: svgSpace, width: whole[0], height: whole[1], viewBox: `0 0 ${whole.join(' ')}`, 'font-family': 'Liberation Sans, Arial, Helvetica, sans-serif' })
  out.append(make('title', {}, frame.title), make('rect', { width: whole[0], height: whole[1], fill: colours.ground }))
  out.append(make('text', { x: margin, y: margin + titleSize, 'font-size': fitting(frame.title, width), 'font-weight': 'bold', fill: colours.ink }, frame.title), inner)
  let y = top(frame) + height + lineHeight
  for (const item of frame.legend ?? []) {
    out.append(make('rect', { x: margin, y: y - 9, width: 16, height: 10, fill: resolved(item.colour) }))
    out.append(make('text', { x: margin + 22, y, 'font-size': textSize, fill: colours.ink }, item.label))
    y += lineHeight
  }
  for (const line of frame.caption) {
    out.append(make('text', { x: margin, y, 'font-size': textSize, fill: colours.soft }, line))
    y += lineHeight
  }
  return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(out) + '\n'
}

/** photo returns a canvas of the page as PNG, with the same frame. */
export function photo(drawing: HTMLCanvasElement, frame: Frame): Promise<Blob> {
  const { width, height } = size(drawing)
  const scale = drawing.width / width // pixels of the canvas to pixels of the page
  const colours = ground()
  frame = { ...frame, caption: frame.caption.flatMap((line) => wrap(line, width)) }
  const out = document.createElement('canvas')
  out.width = Math.round((width + 2 * margin) * scale)
  out.height = Math.round((top(frame) + height + below(frame)) * scale)
  const pen = out.getContext('2d')!
  pen.fillStyle = colours.ground
  pen.fillRect(0, 0, out.width, out.height)
  pen.drawImage(drawing, margin * scale, top(frame) * scale)
  pen.scale(scale, scale)
  const write = (text: string, x: number, y: number, font: string, colour: string) => {
    pen.font = font + ' "Liberation Sans", Arial, Helvetica, sans-serif'
    pen.fillStyle = colour
    pen.fillText(text, x, y)
  }
  write(frame.title, margin, margin + titleSize, `bold ${fitting(frame.title, width)}px`, colours.ink)
  let y = top(frame) + height + lineHeight
  for (const item of frame.legend ?? []) {
    pen.fillStyle = resolved(item.colour)
    pen.fillRect(margin, y - 9, 16, 10)
    write(item.label, margin + 22, y, `${textSize}px`, colours.ink)
    y += lineHeight
  }
  for (const line of frame.caption) {
    write(line, margin, y, `${textSize}px`, colours.soft)
    y += lineHeight
  }
  return new Promise((done, fail) => out.toBlob((b) => (b ? done(b) : fail(new Error('no picture'))), 'image/png'))
}

function top(frame: Frame): number {
  return margin + (frame.title ? titleSize + margin : 0)
}

function below(frame: Frame): number {
  return lineHeight * (frame.caption.length + (frame.legend?.length ?? 0)) + margin
}

/** fitting is the size of letters in which a title fits a width. */
function fitting(title: string, width: number): number {
  return Math.max(10, Math.min(titleSize, Math.floor(width / (0.56 * Math.max(1, title.length)))))
}

/** wrap breaks a line so that it fits a width; letters are about half as wide as they are high. */
function wrap(text: string, width: number): string[] {
  const most = Math.max(20, Math.floor(width / (0.52 * textSize)))
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = lines[lines.length - 1] + (lines[lines.length - 1] && ' ') + word
    if (longer.length > most && lines[lines.length - 1]) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

function size(drawing: Element): { width: number; height: number } {
  const box = drawing.getBoundingClientRect()
  return { width: Math.round(box.width) || 800, height: Math.round(box.height) || 400 }
}

function ground(): { ground: string; ink: string; soft: string } {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return { ground: of('--ground'), ink: of('--ink'), soft: of('--soft') }
}

/** resolved turns var(--blue) into the colour that it is on the page. */
function resolved(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1]
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : colour
}

/** settle copies the styles that apply on the page into the copy, and drops what is not shown. */
function settle(from: Element, to: Element): void {
  const style = getComputedStyle(from)
  for (const name of kept) {
    const value = style.getPropertyValue(name)
    if (value) (to as SVGElement).setAttribute(name, value)
  }
  to.removeAttribute('class')
  to.removeAttribute('style')
  const children = [...to.children]
  ;[...from.children].forEach((child, i) => {
    if (getComputedStyle(child).display === 'none' || child.tagName === 'foreignObject') children[i].remove()
    else settle(child, children[i])
  })
}

function make(tag: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const element = document.createElementNS(svgSpace, tag)
  for (const [name, value] of Object.entries(attributes)) if (name !== 'xmlns') element.setAttribute(name, String(value))
  element.textContent = text
  return element
}

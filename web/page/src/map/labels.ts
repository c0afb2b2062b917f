// Names on the map without overlap: the important first, each at the first of four sides that is free; others wait for a closer look.
export interface Label { text: string; x: number; y: number; align: CanvasTextAlign; hub: number; bold: boolean }

export interface Candidate { hub: number; text: string; x: number; y: number; r: number; bold: boolean }

export interface Box { x0: number; y0: number; x1: number; y1: number }

const line = 14

/** place puts names beside their marks. Candidates come in order of importance; marks themselves are kept free, and what lies above the drawing. */
export function place(candidates: Candidate[], marks: { x: number; y: number; r: number }[], above: Box[], measure: (text: string, bold: boolean) => number, width: number, height: number): Label[] {
  const taken: Box[] = [...above, ...marks.map((m) => ({ x0: m.x - m.r, y0: m.y - m.r, x1: m.x + m.r, y1: m.y + m.r }))]
  const out: Label[] = []
  for (const c of candidates) {
    const wide = measure(c.text, c.bold)
    for (const [label, box] of sides(c, wide)) {
      if (box.x0 < 2 || box.x1 > width - 2 || box.y0 < 2 || box.y1 > height - 2 || taken.some((b) => overlap(b, box))) continue
      taken.push(box)
      out.push(label)
      break
    }
  }
  return out
}

function sides(c: Candidate, wide: number): [Label, Box][] {
  const gap = c.r + 3
  const at = (x: number, y: number, align: CanvasTextAlign): [Label, Box] => {
    const x0 = align === 'left' ? x : align === 'right' ? x - wide : x - wide / 2
    return [{ text: c.text, x, y, align, hub: c.hub, bold: c.bold }, { x0: x0 - 2, y0: y - line + 3, x1: x0 + wide + 2, y1: y + 3 }]
  }
  return [at(c.x + gap, c.y + 4, 'left'), at(c.x - gap, c.y + 4, 'right'), at(c.x, c.y - gap - 1, 'center'), at(c.x, c.y + gap + 9, 'center')]
}

function overlap(a: Box, b: Box): boolean {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

// Numbers and grades of parameters, as a reader says them.
import type { Parameter } from '../../engine/types'
import { fixed, t, type Lang } from '../../words'

/** amount writes a value of a scenario file, with as many decimals as it has. */
export function amount(value: string | number): string {
  const x = Number(value)
  if (value === '' || !Number.isFinite(x)) return String(value)
  const text = decimal(x)
  return fixed(x, text.split('.')[1]?.length ?? 0)
}

const blanks = /[\s\u00a0\u2007\u2009\u202f'’]/g // what may stand between thousands

/**
 * typed reads a number as people write it, in either language, and returns it as a scenario file has it; null where it is none. A comma is the decimal
 * sign, unless it stands before three figures in English, or there are several.
 */
export function typed(text: string, lang: Lang): string | null {
  let plain = text.trim().replace(/[−–]/g, '-').replace(blanks, '')
  const commas = plain.split(',').length - 1
  const thousands = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain)
  if (thousands && (lang === 'en' || commas > 1 || plain.includes('.'))) plain = plain.replaceAll(',', '')
  else if (commas === 1) plain = plain.replace(',', '.')
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null
  const x = Number(plain)
  return Number.isFinite(x) ? decimal(x) : null
}

/** decimal writes a number without an exponent. */
function decimal(x: number): string {
  const text = String(x === 0 ? 0 : x) // no -0
  if (!text.includes('e')) return text
  return Number.isInteger(x) ? String(BigInt(x)) : x.toFixed(20).replace(/\.?0+$/, '')
}

/** meaningOf says what a parameter means, without the sign in brackets that the equations of docs/model.md have for it. */
export function meaningOf(p: Parameter): string {
  return t(p.meaning).replace(/\s\([A-Za-z]\)$/, '')
}

export function gradeName(grade: string): string {
  switch (grade) {
    case 'A': return t('A: documented')
    case 'B': return t('B: derived from what is documented')
    case 'C': return t('C: an expert’s guess')
    case 'D': return t('D: stylised')
  }
  return grade
}

export function sectionName(id: string): string {
  switch (id) {
    case 'market': return t('How markets remember')
    case 'trafficker': return t('Traffickers')
    case 'road': return t('Roads and checkpoints')
    case 'dealer': return t('Dealers')
    case 'group': return t('Armed groups')
    case 'force': return t('Armies')
    case 'ddr': return t('Disarmament programmes')
    case 'violence': return t('Violence')
    case 'demand': return t('Demand')
    case 'supply': return t('Supply')
  }
  return id
}

// Numbers and grades of parameters, as a reader says them.
import { fixed, t } from '../../words'

/** amount writes a value of a scenario file, with as many decimals as it has. */
export function amount(value: string | number): string {
  const x = Number(value)
  if (value === '' || Number.isNaN(x)) return String(value)
  const text = String(x)
  if (text.includes('e')) return text
  return fixed(x, text.split('.')[1]?.length ?? 0)
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

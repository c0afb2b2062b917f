// The catalogue of languages, as package words of the program: the English text is its own key, words/fr has the French.
// A note behind a bar ("open|of a market") tells two meanings of one word apart; English leaves it out.
import { reactive } from './ui/reactive.svelte'

export type Lang = 'en' | 'fr'

declare global {
  interface Window { ENTREPOT_FRENCH?: Record<string, string> }
}
declare const __FRENCH__: string // address of the script that sets it

const french: Record<string, string> = Object.create(null) // a name may be "constructor"

export const speech = reactive<{ lang: Lang }>({ lang: 'en' })

/** speak changes the language of the page. The French comes when it is first wanted; if it does not, the page stays as it is. */
export async function speak(lang: Lang): Promise<void> {
  if (lang === 'fr' && !window.ENTREPOT_FRENCH) {
    await new Promise((go) => {
      const script = Object.assign(document.createElement('script'), { src: __FRENCH__, onload: go, onerror: go })
      document.head.append(script)
    })
  }
  Object.assign(french, window.ENTREPOT_FRENCH)
  if (lang === 'en' || window.ENTREPOT_FRENCH) speech.lang = lang
}

/** learn adds the French of a room that is loaded later. */
export function learn(texts: Record<string, string>): void {
  Object.assign(french, texts)
}

const turns = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g // signs that turn the direction of what follows: names may be a stranger's

/** t returns a text in the language of the page. */
export function t(text: string): string {
  const own = speech.lang === 'fr' ? french[text] : undefined
  return (own ?? text.split(/(?<=\S)\|(?=\S)/)[0]).replace(turns, '')
}

/** f fills the %s of a text; a translation may turn them round (%[2]s). */
export function f(format: string, ...args: (string | number)[]): string {
  let next = 0
  return t(format).replace(/%(?:\[(\d+)\])?s|%%/g, (verb, at) => {
    if (verb === '%%') return '%'
    const i = at ? Number(at) - 1 : next
    next = i + 1
    return String(args[i]).replace(turns, '')
  })
}

/** n chooses between the text for one and for more; the number is the first %s. French says "0 jour", English "0 days". */
export function n(count: number, one: string, more: string, ...args: (string | number)[]): string {
  const single = count === 1 || (count === 0 && speech.lang === 'fr')
  return f(single ? one : more, int(count), ...args)
}

const none = '–'

/** int writes a number without decimals, thousands parted by a no-break space. */
export function int(x: number | null | undefined): string {
  return fixed(x, 0)
}

export function fixed(x: number | null | undefined, decimals: number): string {
  if (x == null || Number.isNaN(x)) return none
  const [whole, fraction] = plain(Math.abs(x), decimals).split('.')
  let text = whole.replace(/\B(?=(\d{3})+$)/g, '\u00a0')
  if (fraction) text += (speech.lang === 'fr' ? ',' : '.') + fraction
  return x < 0 && /[1-9]/.test(text) ? '−' + text : text
}

/** plain is toFixed without its exponents. */
function plain(x: number, decimals: number): string {
  return x < 1e21 || !Number.isFinite(x) ? x.toFixed(decimals) : String(BigInt(x))
}

export function percent(share: number | null | undefined, decimals = 0): string {
  if (share == null || Number.isNaN(share)) return none
  return fixed(100 * share, decimals) + '\u00a0%'
}

export function signed(text: string): string {
  return text.startsWith('−') || !/[1-9]/.test(text) ? text : '+' + text
}

/** change writes a difference: an increase has its sign too. */
export function change(x: number | null | undefined, decimals = 0): string {
  return signed(fixed(x, decimals))
}

/** rate writes a change as a share, with a decimal where it is below a tenth, so that sentences, tables and buttons say the same. */
export function rate(share: number): string {
  return percent(share, Math.abs(share) < 0.1 ? 1 : 0)
}

/** day writes a date (2023-08-13) as a reader says it. */
export function day(date: string): string {
  const [y, m, d] = date.split('-').map(Number)
  const first = speech.lang === 'fr' && d === 1 ? '1er' : String(d)
  return `${first} ${months()[m - 1]} ${y}`
}

export function month(date: string): string {
  const [y, m] = date.split('-').map(Number)
  return `${months()[m - 1]} ${y}`
}

const english = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const long = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre']
const dates = new RegExp(`(?:(\\d{1,2}) )?\\b(${english.join('|')})[a-z]* (\\d{4})`, 'g')

/** cite writes a source in the language of the page: names stay as they are, dates are said ("MINUSMA, November 2018"). */
export function cite(source: string): string {
  const text = t(source)
  if (speech.lang !== 'fr' || text !== source) return text
  return source.replace(dates, (_, d, m, y) => [d === '1' ? '1er' : d, long[english.indexOf(m)], y].filter(Boolean).join(' '))
}

function months(): string[] {
  return speech.lang === 'fr'
    ? ['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juill.', 'août', 'sept.', 'oct.', 'nov.', 'déc.']
    : english
}

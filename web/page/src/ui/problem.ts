// What is wrong, as the engine says it: in English, and as a format with its arguments, which the catalogue has in every language.
import type { Phrase, Problem } from '../engine/types'
import { f } from '../words'

/** phrase says a format with its arguments, some of which are formats themselves. */
export function phrase([format, ...args]: Phrase): string {
  return f(format, ...args.map((x) => (typeof x === 'string' ? x : phrase(x))))
}

/** saidOf says a problem in the language of the page, with the field where its text alone would not tell. */
export function saidOf(p: Problem): string {
  const place = p.file ? `${p.file}:${p.line}:${p.column}` : ''
  return [place, p.path, messageOf(p)].filter(Boolean).join(': ')
}

/** messageOf says what is wrong and how to mend it. */
export function messageOf(p: Problem): string {
  const said = p.say ? phrase(p.say) : p.message
  const hint = p.hint_say ? phrase(p.hint_say) : p.hint
  return hint ? f('%s; %s', said, hint) : said
}

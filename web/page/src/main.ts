import { mount } from 'svelte'
import App from './App.svelte'
import { read } from './link'
import './look.css'
import { kept } from './ui/keep'
import { speak } from './words'

/** language is what a link asks for, what the reader chose, what the program was started with, or what the browser speaks. */
function language(): string {
  let linked: string | undefined
  try {
    linked = read(location.hash)?.view.lang
  } catch {
    // the page says so
  }
  return linked ?? (kept('language') || window.ENTREPOT_LANGUAGE || navigator.language)
}

void speak(language().startsWith('fr') ? 'fr' : 'en').then(() => mount(App, { target: document.getElementById('page')! }))

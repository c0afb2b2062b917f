import type { Engine } from './types'
import { serverEngine } from './server'

declare global {
  interface Window {
    /** Set by engine.js: the program's server, or where the engine's WebAssembly is. */
    ENTREPOT_ENGINE?: { kind: 'server' } | { kind: 'wasm'; exec: string; wasm: string }
    /** The language that the program was started with, if one was asked for. */
    ENTREPOT_LANGUAGE?: string
  }
}

/** engine is the backing that engine.js names. */
export function engine(): Engine {
  return serverEngine()
}

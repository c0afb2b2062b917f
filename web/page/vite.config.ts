import { createHash } from 'node:crypto'
import { defineConfig, type Plugin } from 'vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { readFileSync, readdirSync } from 'node:fs'

// One classic script and one style sheet, with relative addresses: the same files work from the program, from any web host under any path, and from
// a folder opened by hand, where browsers refuse modules.
export default defineConfig({
  base: './',
  plugins: [svelte(), classic(), french(), lessons()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rollupOptions: {
      output: {
        format: 'iife',
        entryFileNames: 'assets/page-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
})

// classic makes index.html load the bundle as a classic, deferred script after engine.js, which says where the engine is.
function classic() {
  return {
    name: 'classic-script',
    transformIndexHtml: {
      order: 'post' as const,
      handler: (html: string) => html.replace(/<script type="module" crossorigin/, '<script defer').replace(/ crossorigin/g, ''),
    },
  }
}

// french puts the French of the page into a script of its own, which only those load who want it.
function french(): Plugin {
  return later('FRENCH', Object.assign({}, ...['scenarios', 'problems', 'page'].map((room) => json(`../../words/fr/${room}.json`))))
}

// lessons puts the lessons and their French into a script of their own, which is loaded when somebody opens that room: they are as large as the code.
function lessons(): Plugin {
  const all = readdirSync(new URL('../lessons', import.meta.url)).filter((name) => name.endsWith('.json')).map((name) => json('../lessons/' + name))
  return later('LESSONS', { lessons: all.sort((a, b) => a.number - b.number), pairs: json('../lessons/pairs/pairs.json'), fr: json('../../words/fr/lessons.json') })
}

function json(name: string) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}

// later makes a script that sets window.ENTREPOT_<NAME>; its address is __<NAME>__ in the code. A script and not data: browsers refuse to fetch in a
// folder that was opened by hand.
function later(name: string, content: unknown): Plugin {
  const source = `window.ENTREPOT_${name} = ${JSON.stringify(content)}\n`
  const fileName = `assets/${name.toLowerCase()}-${createHash('sha256').update(source).digest('hex').slice(0, 10)}.js`
  return {
    name: name.toLowerCase(),
    config: () => ({ define: { [`__${name}__`]: JSON.stringify('./' + fileName) } }),
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source })
    },
    configureServer(server) {
      server.middlewares.use('/' + fileName, (_, answer) => answer.setHeader('Content-Type', 'text/javascript').end(source))
    },
  }
}

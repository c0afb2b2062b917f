import { defineConfig } from 'vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { readFileSync, readdirSync } from 'node:fs'

// One classic script and one style sheet, with relative addresses: the same files work from the program, from any web host under any path, and from
// a folder opened by hand, where browsers refuse modules.
export default defineConfig({
  base: './',
  plugins: [svelte(), classic(), lessons()],
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

// lessons puts the lessons and their French into a script of their own, which the page loads when somebody opens that room: it is as large as the rest of
// the code. A script and not data, since browsers refuse to fetch in a folder opened by hand.
function lessons() {
  const json = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
  return {
    name: 'lessons-script',
    generateBundle(this: { emitFile: (file: { type: 'asset'; fileName: string; source: string }) => void }) {
      const all = readdirSync(new URL('../lessons', import.meta.url)).filter((name) => name.endsWith('.json')).map((name) => json('../lessons/' + name))
      const content = { lessons: all.sort((a, b) => a.number - b.number), fr: json('../../words/fr/lessons.json') }
      this.emitFile({ type: 'asset', fileName: 'assets/lessons.js', source: 'window.ENTREPOT_LESSONS = ' + JSON.stringify(content) + '\n' })
    },
  }
}

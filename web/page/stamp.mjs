// Writes the hash of all sources beside the built page, so that a test without Node can tell a stale bundle.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const roots = ['index.html', 'package-lock.json', 'public', 'src', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts', '../lessons', '../../words/fr', '../../output/plots/basemap.topo.json']

function files(path) {
  if (!statSync(path, { throwIfNoEntry: false })) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path).flatMap((name) => files(join(path, name)))
}

const lines = roots.flatMap(files).sort().map((name) => createHash('sha256').update(readFileSync(name)).digest('hex') + '  ' + name)
writeFileSync('../dist/sources.sha256', lines.join('\n') + '\n')

// Bundles the tests of plain modules (those without a component) and runs them in Node.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

const folder = mkdtempSync(join(tmpdir(), 'page-test-'))
for (const name of readdirSync('test').filter((name) => name.endsWith('.test.ts'))) {
  await build({
    configFile: false, logLevel: 'warn',
    build: { ssr: join('test', name), outDir: folder, emptyOutDir: false, rollupOptions: { output: { entryFileNames: '[name].mjs' } } },
  })
}
const ran = spawnSync(process.execPath, ['--test', folder], { stdio: 'inherit' })
rmSync(folder, { recursive: true })
process.exit(ran.status ?? 1)

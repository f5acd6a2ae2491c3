import path from 'node:path'
import terser from '@rollup/plugin-terser'
import { type Plugin, rollup } from 'rollup'
import { root } from '../scripts/run-command.ts'

const entry = 'entry'
/** The types of Terser's plugin take it for a CommonJS module, whose function is elsewhere. */
const minify = terser as unknown as (options: object) => Plugin

/** Bundles `createPushWorker` alone, as an app's bundler does, into a script for `importScripts`. */
export async function bundleWorker(): Promise<string> {
  const module = path.join(root, 'dist/sw.js')
  const virtual = {
    name: 'virtual',
    resolveId: (id: string) => (id === entry ? id : null),
    load: (id: string) =>
      id === entry ? `export { createPushWorker } from ${JSON.stringify(module)}` : null,
  }
  await using bundle = await rollup({ input: entry, plugins: [virtual] })
  const { output } = await bundle.generate({
    format: 'iife',
    name: 'PushwellWorker',
    plugins: [minify({ ecma: 2022, compress: { passes: 3 } })],
  })
  return output[0].code
}

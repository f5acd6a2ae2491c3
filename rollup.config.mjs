import { readFile } from 'node:fs/promises'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'

/** What `tsc -b` wrote, with the maps it wrote beside it, so that ours lead to the `.ts` files. */
const compiled = {
  name: 'compiled',
  async load(id) {
    if (!id.endsWith('.js') || id.includes('node_modules')) return null
    const [code, map] = await Promise.all([
      readFile(id, 'utf8'),
      readFile(`${id}.map`, 'utf8').catch(() => null),
    ])
    return { code, map: map && JSON.parse(map) }
  },
}

const entries = {
  pushwell: 'build/src/client/index.js',
  ui: 'build/src/ui/index.js',
  sw: 'build/sw/index.js',
  messages: 'build/src/shared/message.js',
  server: 'build/src/server/index.js',
  'server-node': 'build/src/server-node/index.js',
  testing: 'build/src/testing/index.js',
  cli: 'build/src/cli/main.js',
}

/**
 * `idb` is built in, so that a page needs no second package, and only with what is used of it:
 * `replaceTraps` is how it installs its shortcuts (`db.get`, async iteration of cursors) when it is
 * imported. Pushwell uses none of them, and calls it pure so that they are left out: a tenth of the
 * page's weight.
 */
const treeshake = { manualPureFunctions: ['replaceTraps'] }

/** Everything else that is not ours is left to the user's own `node_modules`. */
const external = (id) => !/^[./]/.test(id) && !id.startsWith('build/') && id !== 'idb'

const modules = {
  input: entries,
  external,
  treeshake,
  plugins: [compiled, nodeResolve({ browser: true })],
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    chunkFileNames: 'shared/[name].js',
    hoistTransitiveImports: false,
  },
}

/**
 * The basic worker stands alone: what it has in common with the whole one, two kilobytes at the most,
 * is not cut out of both into files that they share.
 */
const basic = 'build/sw/basic/index.js'

/** One file with everything in it, for a `<script>` tag or `importScripts`. */
const script = (input, file, name) => ({
  input,
  treeshake,
  plugins: [compiled, nodeResolve({ browser: true })],
  output: {
    file,
    format: 'iife',
    name,
    sourcemap: true,
    plugins: [
      terser({ ecma: 2022, compress: { passes: 3, unsafe_arrows: true, keep_fargs: false } }),
    ],
  },
})

export default [
  modules,
  { ...modules, input: { 'sw-basic': basic } },
  script(entries.pushwell, 'dist/pushwell.global.js', 'Pushwell'),
  script(entries.sw, 'dist/pushwell-sw.global.js', 'PushwellWorker'),
  script(basic, 'dist/pushwell-sw-basic.global.js', 'PushwellWorker'),
]

import { fileURLToPath } from 'node:url'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'

const distribution = new URL('../../dist/', import.meta.url)

/**
 * Builds a worker as an app's bundler does.
 *
 * @param fixture - A file of `fixtures/`.
 */
export async function bundleWorker(fixture: string, format: 'es' | 'iife'): Promise<string> {
  const own = { 'pushwell/sw': fileURLToPath(new URL('sw.js', distribution)) }
  const build = await rollup({
    input: fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url)),
    plugins: [
      { name: 'own', resolveId: (id) => Object.entries(own).find(([name]) => name === id)?.[1] },
      nodeResolve({ browser: true }),
    ],
    onwarn: () => undefined,
  })
  const intro = 'const process = { env: { NODE_ENV: "production" } }'
  const { output } = await build.generate({ format, intro })
  return output[0].code
}

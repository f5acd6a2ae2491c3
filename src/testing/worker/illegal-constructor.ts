/** What browsers throw at scripts that construct what only the browser may. */
export function illegalConstructor(name: string): TypeError {
  return new TypeError(`${name}: Illegal constructor.`)
}

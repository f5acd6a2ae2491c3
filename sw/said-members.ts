/** Gives the members of an object that have a value, whatever it is: `undefined` says nothing. */
export function saidMembers<Value extends object>(value: Value): Value {
  // Without a prototype, a member named `__proto__` is one like others.
  const said = { __proto__: null } as unknown as Value
  for (const name of Object.keys(value) as Array<keyof Value>) {
    if (value[name] !== undefined) said[name] = value[name]
  }
  return said
}

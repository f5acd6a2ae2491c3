/** Gives the members of an object that have a value, whatever it is: `undefined` says nothing. */
export function saidMembers<Value extends object>(value: Value): Value {
  const said = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(said) as Value
}

/** What the scope of the second registration ends with, while a subscription moves to a new key. */
const suffix = 'pushwell-key-move/'

/** The scope of the second registration beside the one with this scope. */
export function keyMoveScope(scope: string): string {
  return scope + suffix
}

/** The scope that records and URLs go by, in whichever of the two registrations this is called. */
export function homeScope(scope: string): string {
  return scope.endsWith(suffix) ? scope.slice(0, -suffix.length) : scope
}

/**
 * Tells whether an import failed because a package is not installed. Whatever else goes wrong in it
 * is no reason to install anything.
 */
export function isMissingPackage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}

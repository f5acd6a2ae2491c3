/** Takes the number off the app's icon, where the browser has that. */
export async function clearBadge(): Promise<void> {
  const { navigator }: { navigator?: Partial<Navigator> } = globalThis
  await navigator?.clearAppBadge?.()
}

import type { Browser } from 'puppeteer-core'
import { runInFirefox } from './run-in-firefox.ts'

/** `terminateWorker` is what Firefox's own tests have (nsIServiceWorkerManager.idl, 153). */
const stop = `(async () => {
  const manager = Cc['@mozilla.org/serviceworkers/manager;1'].getService(Ci.nsIServiceWorkerManager)
  const registrations = manager.getAllRegistrations()
  const workers = Array.from({ length: registrations.length }, (_, index) =>
    registrations.queryElementAt(index, Ci.nsIServiceWorkerRegistrationInfo).activeWorker,
  )
  await Promise.all(workers.map((worker) => worker?.terminateWorker()))
})()`

/** Ends every service worker of a Firefox. */
export function stopFirefoxWorkers(browser: Browser): Promise<void> {
  return runInFirefox(browser, stop)
}

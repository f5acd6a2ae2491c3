import type { FakePage } from './fake-page-platform.ts'

/** Another tab of the same browser. */
export function otherTab(page: FakePage, hasFocus: boolean): FakePage {
  const tab = { ...page, hasFocus, events: new EventTarget(), workerMessages: new EventTarget() }
  const { serviceWorker } = page.platform
  tab.platform = Object.defineProperties({} as FakePage['platform'], {
    ...Object.getOwnPropertyDescriptors(page.platform),
    hasFocus: { value: () => tab.hasFocus },
    isVisible: { value: () => tab.hasFocus },
    events: { value: tab.events },
    serviceWorker: {
      value: {
        ...serviceWorker,
        addEventListener: tab.workerMessages.addEventListener.bind(tab.workerMessages),
      },
    },
  })
  return tab
}

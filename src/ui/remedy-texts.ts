import type { Remedy } from '../shared/errors.ts'

/**
 * What the user can do, in English: a sentence for each `remedy` of a state, a result or an error.
 * Copy it to translate it; a missing remedy does not compile.
 */
export const remedyTexts: Readonly<Record<Remedy, string>> = {
  'use-https': 'Open this site over https: notifications need a secure connection.',
  'use-another-browser':
    'This browser has no push notifications. Try a current Chrome, Edge, Firefox or Safari.',
  'install-app':
    'Add this site to your Home Screen first (Share, then “Add to Home Screen”), and open it from there.',
  'open-in-own-tab':
    'Open this page in a tab of its own: embedded in another site it cannot send notifications.',
  'leave-private-browsing':
    'Private windows have no push notifications. Open this site in a normal window.',
  'unblock-notifications':
    'Notifications are blocked for this site. Allow them in the site settings, beside the address, and load the page again.',
  'ask-again-later': 'You can turn notifications on later, whenever you like.',
  'click-again': 'Please click once more.',
  'enable-push-service':
    'Turn on “Use Google services for push messaging” in this browser’s privacy settings, and start it again.',
  'check-network':
    'The browser’s push service cannot be reached. Check your connection, a firewall or an ad blocker, and try again.',
  'reload-page': 'Load this page again.',
  'contact-site': 'Something is wrong with this site’s notifications. Please tell whoever runs it.',
}

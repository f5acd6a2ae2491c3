export * from '../server/index.ts'
export { createPushSender } from './push-sender.ts'

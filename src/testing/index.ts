export * from './browser/index.ts'
export * from './desktop/index.ts'
export * from './push-service/index.ts'
export * from './worker/index.ts'

import { vi } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type GroupRules,
  groups,
  type PushWorkerOptions,
} from '../../sw/index.ts'
import { loadPushWorker, ours } from './load-push-worker.ts'

/** Chats are folded from the third on, and of an upload the last state counts. */
export const rules: GroupRules = {
  'chat.*': {
    apart: 2,
    summary: ({ name, count, items }) => ({
      title: `${count} in ${name}`,
      body: items.map(({ title }) => title).join(','),
      navigate: '/chat',
      icon: 'https://elsewhere.example/icon.png',
    }),
  },
  'upload.*': 'latest',
}

/** A worker with groups. A route shows a message under its id. */
export function loadGroupsWorker(
  engine: WorkerEngine,
  more = rules,
  options: PushWorkerOptions = {},
) {
  const { parts = [], ...others } = options
  return loadPushWorker(
    (scope) =>
      createPushWorker(
        { parts: [groups(more), ...parts], neutral: { title: 'Neutral' }, ...others },
        scope,
      ).on('chat', {
        notification: ({ id, data }) => ({
          title: String(id),
          navigate: `/chat/${id}`,
          ...(data as object),
        }),
        click: vi.fn(() => undefined),
      }),
    { engine },
  )
}

/** A message of a group that is folded. */
export const chat = (id: string, more?: object, data?: object) =>
  ours('chat', data, { id, group: 'chat.1', ...more })

/** A message of a group of which the last counts. */
export const upload = (id: string, sentAt: number) =>
  ours(
    'chat',
    { title: `${sentAt} %`, tag: 'upload', vibrate: [9] },
    { id, sentAt, group: 'upload.1' },
  )

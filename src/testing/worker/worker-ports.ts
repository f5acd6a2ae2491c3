/** The message ports of one run of a worker. */
export interface WorkerPorts {
  readonly MessageChannel: typeof MessageChannel
  /** Closes all that are open, as the end of a worker does: an open port keeps a process alive. */
  close(): void
}

/** Makes channels whose ports are closed with their worker. */
export function createWorkerPorts(): WorkerPorts {
  const open = new Set<InstanceType<typeof MessageChannel>['port1']>()
  const OwnChannel = class extends MessageChannel {
    constructor() {
      super()
      // With one of them the other is closed, wherever it has gone.
      open.add(this.port1)
      this.port1.addEventListener('close', () => open.delete(this.port1))
    }
  }
  Object.defineProperty(OwnChannel, 'name', { value: 'MessageChannel' })
  return {
    MessageChannel: OwnChannel,
    close() {
      for (const port of open) port.close()
    },
  }
}

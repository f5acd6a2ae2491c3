import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'

/** A file of lines that grows at its end, and is now and then written anew. */
export interface JournalFile {
  /** The lines as the file holds them; the last one may be cut. */
  read(): readonly string[]
  /** @throws When the disk does not take it; the last line may then be cut. */
  append(line: string): void
  /** Puts other lines in place of all, or leaves the file as it is and throws. */
  replace(lines: readonly string[]): void
  close(): void
}

/** Subscriptions and keys are secrets: nobody else on the machine may read them. */
const ownerOnly = 0o600

/**
 * Opens a journal; there need not be a file yet.
 *
 * What {@link JournalFile.append} has written survives the end of the process, however it ends. It
 * is not forced onto the disk line by line, so that a power cut may take the newest lines.
 */
export function openJournalFile(path: string): JournalFile {
  let file: number | null = null

  function write(to: number, text: string): void {
    const bytes = Buffer.from(text)
    for (let written = 0; written < bytes.length;) {
      written += writeSync(to, bytes, written)
    }
  }

  function close(): void {
    if (file !== null) closeSync(file)
    file = null
  }

  return {
    read: () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []),
    append(line) {
      file ??= openSync(path, 'a', ownerOnly)
      write(file, `${line}\n`)
    },
    replace(lines) {
      const draft = `${path}.new`
      const opened = openSync(draft, 'w', ownerOnly)
      try {
        for (const line of lines) write(opened, `${line}\n`)
        fsyncSync(opened)
      } catch (error) {
        rmSync(draft, { force: true })
        throw error
      } finally {
        closeSync(opened)
      }
      close()
      renameSync(draft, path)
    },
    close,
  }
}

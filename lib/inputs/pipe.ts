import { Socket, type SocketConstructorOpts, type TcpNetConnectOpts } from 'node:net';

/** What a pipe holds: the system gives no more at once. */
const WINDOW = 1 << 16;
const DEFAULT_ROOM = 1 << 20;

/** Memory that bytes are read into: [taken, filled) has come and was not handed on yet. */
interface Gathered {
  readonly buffer: Buffer;
  taken: number;
  filled: number;
}

/**
 * The bytes of a pipe or socket, by its descriptor, which is closed at the end unless it is standard input's. They are
 * read into two buffers, again and again: fresh memory for every 64 KiB would cost three times the reading. All that is
 * there comes at once, up to a buffer's size, and never waits for more. Every chunk is the consumer's until it asks for
 * the next one. Ends early, with what has come, when the signal aborts. Fails with the system's error.
 *
 * A socket, since a blocked read of a file occupies a thread, which would keep the process from ending.
 */
export async function* readPipe(
  descriptor: number,
  { signal, room = DEFAULT_ROOM }: { signal?: AbortSignal | undefined; room?: number } = {},
): AsyncGenerator<Uint8Array> {
  const pipe = new Pipe(descriptor, room);
  const wake = (): void => pipe.wake();
  signal?.addEventListener('abort', wake);
  try {
    for (;;) {
      const bytes = pipe.take();
      if (bytes !== undefined) {
        yield bytes;
        pipe.giveBack();
      } else if (pipe.failure !== undefined) throw pipe.failure;
      else if (pipe.ended || signal?.aborted) return;
      else await pipe.something();
    }
  } finally {
    signal?.removeEventListener('abort', wake);
    pipe.close();
  }
}

class Pipe {
  failure: Error | undefined;
  ended = false;
  wake: () => void = () => {};
  private readonly socket: Socket;
  /** The buffer that is read into, and the one that was before it. */
  private current: Gathered;
  private former: Gathered;
  private lent: Gathered | undefined;
  private paused = false;
  private waking: NodeJS.Immediate | undefined;

  constructor(descriptor: number, room: number) {
    const gathered = (): Gathered => ({
      buffer: Buffer.allocUnsafeSlow(Math.max(room, 2 * WINDOW)),
      taken: 0,
      filled: 0,
    });
    this.current = gathered();
    this.former = gathered();
    // that it may be given here is missing in the types only
    const options: SocketConstructorOpts & Pick<TcpNetConnectOpts, 'onread'> = {
      fd: descriptor,
      readable: true,
      writable: false,
      onread: { buffer: () => this.window(), callback: (length) => this.receive(length) },
    };
    this.socket = new Socket(options);
    this.socket
      .on('error', (error) => {
        this.failure = error;
        this.wake();
      })
      .on('close', () => {
        this.ended = true;
        this.wake();
      })
      .resume();
  }

  /** What has come and was not taken yet, in its order; undefined if there is nothing. */
  take(): Uint8Array | undefined {
    for (const gathered of [this.former, this.current]) {
      const { buffer, taken, filled } = gathered;
      if (taken === filled) continue;
      gathered.taken = filled;
      this.lent = gathered;
      return buffer.subarray(taken, filled);
    }
    return undefined;
  }

  /** The consumer is done with what it took. */
  giveBack(): void {
    this.lent = undefined;
    if (!this.paused || !this.hasWindow(this.current.filled + WINDOW)) return;
    this.paused = false;
    this.socket.resume();
  }

  something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  close(): void {
    clearImmediate(this.waking);
    this.socket.destroy();
  }

  /** Counts what came into the window. Gives whether to go on: there must be a window after the next one. */
  private receive(length: number): boolean {
    this.current.filled += length;
    // by then all has been read that is there
    this.waking ??= setImmediate(() => {
      this.waking = undefined;
      this.wake();
    });
    const next = this.fits(this.current.filled) ? this.current.filled : 0;
    this.paused = !this.hasWindow(next + WINDOW);
    return !this.paused;
  }

  /** The window that is read into next. */
  private window(): Uint8Array {
    if (!this.fits(this.current.filled)) {
      const free = this.former;
      free.taken = 0;
      free.filled = 0;
      this.former = this.current;
      this.current = free;
    }
    const { buffer, filled } = this.current;
    return buffer.subarray(filled, filled + WINDOW);
  }

  /** Whether there is a window behind so many bytes: in the same buffer, or in one that nobody reads any more. */
  private hasWindow(filled: number): boolean {
    const { former, lent } = this;
    return this.fits(filled) || (former.taken === former.filled && former !== lent);
  }

  private fits(filled: number): boolean {
    return filled + WINDOW <= this.current.buffer.length;
  }
}

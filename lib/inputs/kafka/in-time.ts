/** What a promise gives, or an error where it gives nothing within so many milliseconds or before the signal aborts. */
export async function inTime<T>(answer: Promise<T>, patience: number, signal?: AbortSignal): Promise<T> {
  let giveUp!: (error: Error) => void;
  const end = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const timer = setTimeout(() => giveUp(new Error('the request timed out')), patience);
  const stop = (): void => giveUp(new Error('it is waited for no longer'));
  signal?.addEventListener('abort', stop);
  try {
    return await Promise.race([answer, end]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

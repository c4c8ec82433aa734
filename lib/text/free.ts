import { MessageChannel, type MessagePort } from 'node:worker_threads';

let closed: MessagePort | undefined;

/**
 * Gives memory back at once, for the next buffer to be made of it; whatever looked into it is empty then. The garbage
 * collector does not see how much hangs on buffers of a megabyte: it lets tens of them pile up, and then looks through
 * all of the heap because of them. Measured on gzip: 22 such collections and 30 MB less in 360 MB of log.
 */
export function free(...memories: readonly ArrayBufferLike[]): void {
  if (closed === undefined) {
    closed = new MessageChannel().port1;
    closed.close();
  }
  // what is transferred is the receiver's, and there is none
  const ours = memories.filter((memory) => memory instanceof ArrayBuffer);
  if (ours.length > 0) closed.postMessage(undefined, ours);
}

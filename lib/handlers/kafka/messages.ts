/** Keys and values as bytes: what waits for a broker, in memory or in a spool. */

const NO_KEY = 0xffffffff;
const HEAD = 8;

export interface Message {
  readonly key: Buffer | undefined;
  readonly value: Buffer;
}

/** Gathers messages, in memory of its own. */
export class MessageWriter {
  private readonly pieces: Buffer[] = [];
  count = 0;
  bytes = 0;

  add(key: Buffer | undefined, value: Uint8Array): void {
    const head = Buffer.allocUnsafe(HEAD);
    head.writeUInt32LE(key?.length ?? NO_KEY, 0);
    head.writeUInt32LE(value.length, 4);
    this.pieces.push(head, ...(key === undefined ? [] : [key]), Buffer.from(value));
    this.bytes += HEAD + (key?.length ?? 0) + value.length;
    this.count++;
  }

  /** What was added since the last call. */
  take(): Uint8Array {
    const body = Buffer.concat(this.pieces, this.bytes);
    this.pieces.length = 0;
    this.count = 0;
    this.bytes = 0;
    return body;
  }
}

/** What several writers have made, as one would have. */
export const joinMessages = (bodies: readonly Uint8Array[]): Uint8Array => Buffer.concat(bodies);

/** What a writer has made. */
export function messagesIn(body: Uint8Array): Message[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length; ) {
    const keyLength = bytes.readUInt32LE(at);
    const valueLength = bytes.readUInt32LE(at + 4);
    at += HEAD;
    const keyEnd = at + (keyLength === NO_KEY ? 0 : keyLength);
    const key = keyLength === NO_KEY ? undefined : bytes.subarray(at, keyEnd);
    messages.push({ key, value: bytes.subarray(keyEnd, keyEnd + valueLength) });
    at = keyEnd + valueLength;
  }
  return messages;
}

import {
  type Agent,
  type AgentOptions,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { MirrormonError } from '../../errors.ts';
import { BrokenAnswer, exportFailure, HttpAnswer } from './failure.ts';
import { checkHeaders, headerFaults } from './header-faults.ts';
import { encode, type Message } from './protobuf.ts';
import { type RequestItems, requestItems } from './request-items.ts';
import { retryAfter } from './retry-after.ts';

const compress = promisify(gzip);

/** More of an answer is not read. */
const MOST_ANSWER_BYTES = 1 << 20;

/** Milliseconds for which an idle connection is kept for the next request. */
const IDLE_MS = 300;

type Protocol = 'http/protobuf' | 'http/json';

const contentTypes = { 'http/protobuf': 'application/x-protobuf', 'http/json': 'application/json' } as const;

/** No message of protobuf that is a request begins with a brace. */
const protocolOf = (body: Uint8Array): Protocol => (body[0] === 0x7b ? 'http/json' : 'http/protobuf');

/** What OpenTelemetry's variables call the signal, and what it is made of. */
export interface SignalKind {
  readonly name: 'LOGS' | 'TRACES';
  readonly path: 'v1/logs' | 'v1/traces';
  readonly message: Message;
  /** Items that a collector did not take although it took the request, by the body of its answer. */
  partialSuccess(body: Buffer): Promise<PartialSuccess | undefined>;
}

export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

export interface TransportOptions {
  readonly url: string;
  /** As messages may show it. */
  readonly shownUrl: string;
  readonly signal: SignalKind;
  readonly env: NodeJS.ProcessEnv;
  warn(message: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The protocol that OpenTelemetry's environment variables name. */
function protocolFrom({ env, signal, warn }: TransportOptions): Protocol {
  const variable = `OTEL_EXPORTER_OTLP_${signal.name}_PROTOCOL`;
  const name = env[variable] || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/protobuf';
  const known = name.toLowerCase();
  if (known === 'http/protobuf' || known === 'http/json') return known;
  warn(`OTEL_EXPORTER_OTLP_PROTOCOL ${name} is not supported; http/protobuf is used (or http/json)`);
  return 'http/protobuf';
}

/**
 * One request after the other to a collector. Headers, timeout, compression and certificates come from OpenTelemetry's
 * environment variables, read by its own package; sending is done here, because its exporter tries again by itself for
 * some 8 s before it tells that a collector is busy, and does not tell of a partial success at all.
 */
export class Transport {
  private readonly url: URL;
  private readonly shownUrl: string;
  private readonly protocol: Protocol;
  private readonly signal: SignalKind;
  private readonly now: () => number;
  private readonly env: NodeJS.ProcessEnv;
  private readonly settings: ReturnType<typeof convertLegacyHttpOptions>;
  private sending: ClientRequest | undefined;
  private agent: Agent | undefined;

  constructor(options: TransportOptions) {
    // an unusable variable is told here and nowhere else
    const tell = (message: string, ...rest: unknown[]) => options.warn(['otlp:', message, ...rest].join(' '));
    const ignore = () => {};
    diag.setLogger(
      { error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    for (const fault of headerFaults(options.env, options.signal.name)) options.warn(`otlp: ${fault}`);
    this.url = new URL(options.url);
    this.shownUrl = options.shownUrl;
    this.protocol = protocolFrom(options);
    this.signal = options.signal;
    this.now = options.now;
    this.env = options.env;
    this.settings = convertLegacyHttpOptions({ url: options.url }, options.signal.name, options.signal.path, {
      'Content-Type': contentTypes[this.protocol],
    });
  }

  /** @throws {MirrormonError} HANDLER_OPEN where no request could ever be sent */
  async check(): Promise<void> {
    checkHeaders(await this.settings.headers(), this.signal.name, this.shownUrl);
  }

  /**
   * Bodies as a single one: repeated fields of a message may be written one behind the other.
   * @throws MirrormonError HANDLER_WRITE where a spool holds some of each protocol
   */
  join(bodies: readonly Uint8Array[]): Uint8Array {
    const protocol = protocolOf(bodies[0]!);
    if (bodies.some((body) => protocolOf(body) !== protocol)) {
      throw new MirrormonError('HANDLER_WRITE', 'bodies of two protocols are no single one');
    }
    if (protocol === 'http/protobuf') return Buffer.concat(bodies);
    const [open, close] = [`{"${Object.keys(this.signal.message)[0]}":[`, ']}'];
    const inner = bodies.map((body) => body.subarray(open.length, body.length - close.length));
    return Buffer.concat([
      Buffer.from(open),
      ...inner.flatMap((body, k) => (k === 0 ? [body] : [Buffer.from(','), body])),
      Buffer.from(close),
    ]);
  }

  /** What is in an encoded request. */
  itemsOf(body: Uint8Array): RequestItems {
    return requestItems(body, protocolOf(body));
  }

  /** A request, in the JSON mapping, as it is sent but for its compression; in memory of its own. */
  encode(request: object): Uint8Array {
    if (this.protocol === 'http/json') return Buffer.from(JSON.stringify(request));
    return Buffer.from(encode(request, this.signal.message));
  }

  /**
   * Sends an encoded request and waits until it is taken.
   * @returns what of it the collector rejected for good
   * @throws MirrormonError HANDLER_WRITE
   */
  async send(body: Uint8Array): Promise<PartialSuccess | undefined> {
    let answer: Buffer;
    try {
      answer = await this.post(body);
    } catch (error) {
      throw exportFailure(error, this.shownUrl, this.signal.path, this.env);
    }
    if (answer.length === 0) return undefined;
    // the request is taken: an answer that cannot be read must not make it fail, and so be sent again
    return this.signal.partialSuccess(answer).catch(() => undefined);
  }

  /** Ends the request that is under way. */
  abort(): void {
    this.sending?.destroy(Object.assign(new Error('it was aborted'), { name: 'AbortError' }));
  }

  close(): void {
    this.abort();
    this.agent?.destroy();
    this.agent = undefined;
  }

  /** A connection that was silent for longer may lead to a collector that is gone. */
  private async newAgent(): Promise<Agent> {
    const agent = await this.settings.agentFactory(this.url.protocol);
    // what is documented as the agent's options, the types have of https alone
    (agent as Agent & { options: AgentOptions }).options.timeout = IDLE_MS;
    return agent;
  }

  private async post(plain: Uint8Array): Promise<Buffer> {
    // what an earlier run left in a spool may be of another
    const protocol = protocolOf(plain);
    const zipped = this.settings.compression === 'gzip';
    const body = zipped ? await compress(plain) : plain;
    const headers = await this.settings.headers();
    this.agent ??= await this.newAgent();
    const { agent } = this;
    const request = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const sending = request(this.url, {
        method: 'POST',
        agent,
        signal: AbortSignal.timeout(this.settings.timeoutMillis),
        headers: {
          'User-Agent': 'mirrormon',
          ...headers,
          ...(protocol === this.protocol ? {} : { 'Content-Type': contentTypes[protocol] }),
          'Content-Length': body.length,
          ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
        },
      });
      this.sending = sending;
      let isAnswered = false;
      let failure: unknown;
      sending.once('close', () => {
        if (this.sending === sending) this.sending = undefined;
        if (!isAnswered) reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
      });
      sending.once('error', (error) => {
        failure = error;
        if (!isAnswered) reject(error);
      });
      sending.once('response', (response) => {
        isAnswered = true;
        readAnswer(response, this.now).then(resolve, (error: unknown) => {
          const cause = failure ?? error;
          reject(error instanceof HttpAnswer ? error : new BrokenAnswer('', { cause }));
        });
      });
      // 101: nobody has asked for another protocol
      sending.once('upgrade', ({ statusCode = 0, statusMessage = '' }, socket) => {
        socket.destroy();
        reject(new HttpAnswer(statusCode, statusMessage, '', undefined));
      });
      sending.end(body);
    });
  }
}

/** The body of an answer that says yes; rejects with an HttpAnswer for any other. */
async function readAnswer(response: IncomingMessage, now: () => number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const { statusCode = 0, statusMessage = '', headers } = response;
  const isYes = statusCode >= 200 && statusCode < 300;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > MOST_ANSWER_BYTES) break;
      pieces.push(piece);
    }
  } catch (error) {
    // of any other the status says enough
    if (isYes) throw error;
  }
  const body = Buffer.concat(pieces);
  // a proxy's or a portal's page, which no collector has seen
  if (isWebPage(headers['content-type'], body)) {
    throw new HttpAnswer(statusCode, `${statusMessage} with a web page`.trim(), body.toString(), undefined);
  }
  if (isYes) return body;
  throw new HttpAnswer(statusCode, statusMessage, body.toString(), retryAfter(headers, now()));
}

function isWebPage(contentType: string | undefined, body: Buffer): boolean {
  return (
    /^text\/html\b/i.test(contentType ?? '') ||
    /^\s*<(?:!doctype|html)\b/i.test(body.toString('latin1', 0, 64))
  );
}

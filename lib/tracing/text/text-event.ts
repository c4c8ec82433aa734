import { valueToJson } from './field-value.ts';
import type { TextHeader } from './header.ts';
import type { TextField } from './text-fields.ts';

export interface TextSpan {
  readonly name: string;
  readonly fields: readonly TextField[];
}

/** What a text layout says of an event; see read.ts for what it cannot say. */
export interface TextEvent {
  readonly message: string | undefined;
  readonly fields: readonly TextField[];
  /** undefined if there is none that could be told from the message. */
  readonly target: string | undefined;
  readonly file?: string | undefined;
  readonly line?: string | undefined;
  readonly threadName?: string | undefined;
  readonly threadId?: string | undefined;
  /** Outermost first. */
  readonly spans: readonly TextSpan[];
  /** Whether nothing can go on with it: its last value is whole. */
  readonly finished?: boolean | undefined;
}

/** The event as tracing's JSON layout writes it. */
export function eventToJson({ timestamp, level }: TextHeader, event: TextEvent): string {
  const { message, fields, target, file, line, threadName, threadId } = event;
  const own = message === undefined ? [] : [`"message":${JSON.stringify(message)}`];
  const spans = event.spans.map(spanToJson);
  const parts = [
    `"timestamp":"${timestamp}","level":"${level}","fields":{${[...own, ...fields.map(member)].join(',')}}`,
  ];
  if (target !== undefined) parts.push(`"target":${JSON.stringify(target)}`);
  if (file !== undefined) parts.push(`"filename":${JSON.stringify(file)}`);
  if (line !== undefined) parts.push(`"line_number":${line}`);
  if (spans.length > 0) parts.push(`"span":${spans.at(-1)},"spans":[${spans.join(',')}]`);
  if (threadName !== undefined) parts.push(`"threadName":${JSON.stringify(threadName)}`);
  if (threadId !== undefined) parts.push(`"threadId":${JSON.stringify(threadId)}`);
  return `{${parts.join(',')}}`;
}

function spanToJson({ name, fields }: TextSpan): string {
  return `{${[...fields.map(member), `"name":${JSON.stringify(name)}`].join(',')}}`;
}

function member([name, value]: TextField): string {
  return `${JSON.stringify(name)}:${valueToJson(value)}`;
}

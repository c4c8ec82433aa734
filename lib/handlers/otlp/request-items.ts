/**
 * A request that a collector takes in parts alone: its log records, or spans, each with the resource and the scope that
 * it stands under. It is told from its bytes, since what waits in a spool is nothing else.
 */
import { Buffer } from 'node:buffer';
import { delimited, delimitedFields } from './protobuf.ts';

/** Protobuf: fields with their tags. JSON: values. */
interface Item<T> {
  readonly resource: T | undefined;
  readonly scope: T | undefined;
  readonly item: T;
}

export interface RequestItems {
  readonly length: number;
  /** Some of them as a request. */
  slice(from: number, to: number): Uint8Array;
}

/** @param body of a request as Transport makes it */
export function requestItems(body: Uint8Array, protocol: 'http/protobuf' | 'http/json'): RequestItems {
  return protocol === 'http/json' ? ofJson(body) : ofProtobuf(body);
}

/** The resource or the scope in a message that groups; and its members. */
const HEAD = 1;
const MEMBERS = 2;
/** The groups of a request. */
const GROUPS = 1;

function ofProtobuf(body: Uint8Array): RequestItems {
  const items: Item<Uint8Array>[] = [];
  const parted = (message: Uint8Array) => {
    const fields = [...delimitedFields(message)];
    return {
      head: fields.find(({ number }) => number === HEAD)?.whole,
      members: fields.filter(({ number }) => number === MEMBERS),
    };
  };
  for (const { content } of delimitedFields(body)) {
    const { head: resource, members: scopes } = parted(content);
    for (const scoped of scopes) {
      const { head: scope, members } = parted(scoped.content);
      for (const { whole } of members) items.push({ resource, scope, item: whole });
    }
  }
  const some = (head: Uint8Array | undefined) => (head === undefined ? [] : [head]);
  return {
    length: items.length,
    slice: (from, to) =>
      Buffer.concat(
        grouped(items.slice(from, to)).map(({ resource, scopes }) =>
          delimited(GROUPS, [
            ...some(resource),
            ...scopes.map(({ scope, items }) => delimited(MEMBERS, [...some(scope), ...items])),
          ]),
        ),
      ),
  };
}

interface Json {
  readonly resource?: unknown;
  readonly scope?: unknown;
  readonly [list: string]: unknown;
}

function ofJson(body: Uint8Array): RequestItems {
  const request = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString()) as Json;
  /** The one list of a message by its name, as logs and spans have different ones. */
  const listOf = (message: Json): [name: string, members: readonly Json[]] => {
    const [name, members] = Object.entries(message).find(([, value]) => Array.isArray(value)) ?? ['', []];
    return [name, members as readonly Json[]];
  };
  const [groups, resources] = listOf(request);
  let names: readonly [scopes: string, members: string] = ['', ''];
  const items: Item<unknown>[] = [];
  for (const group of resources) {
    const [scopesName, scopes] = listOf(group);
    for (const scoped of scopes) {
      const [membersName, members] = listOf(scoped);
      names = [scopesName, membersName];
      for (const item of members) items.push({ resource: group.resource, scope: scoped.scope, item });
    }
  }
  return {
    length: items.length,
    slice: (from, to) => {
      const parts = grouped(items.slice(from, to)).map(({ resource, scopes }) => ({
        resource,
        [names[0]]: scopes.map(({ scope, items }) => ({ scope, [names[1]]: items })),
      }));
      return Buffer.from(JSON.stringify({ [groups]: parts }));
    },
  };
}

interface Grouped<T> {
  readonly resource: T | undefined;
  readonly scopes: { readonly scope: T | undefined; readonly items: T[] }[];
}

/** Neighbours of one resource and scope together, in their order. */
function grouped<T>(items: readonly Item<T>[]): Grouped<T>[] {
  const groups: Grouped<T>[] = [];
  for (const { resource, scope, item } of items) {
    if (groups.at(-1)?.resource !== resource || groups.length === 0) groups.push({ resource, scopes: [] });
    const { scopes } = groups.at(-1)!;
    if (scopes.at(-1)?.scope !== scope || scopes.length === 0) scopes.push({ scope, items: [] });
    scopes.at(-1)!.items.push(item);
  }
  return groups;
}

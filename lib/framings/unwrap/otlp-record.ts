/** Log records of OTLP's JSON whose attributes are an event's fields, as the Operator's own export writes them. */
import { isObject, isText, type JsonObject } from './json-object.ts';

/** A key beside the record's own, for the name of the scope that it stands in: the module that wrote it. */
export const SCOPE_NAME = 'otel.scope.name';

/** Names of severities, of which each has four numbers from 1 on. */
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'ERROR'];

/** The record as tracing's JSON layout writes it; undefined if it is none of OTLP's. */
export function otlpRecord(o: JsonObject): string | undefined {
  const { body, attributes, timeUnixNano, observedTimeUnixNano } = o;
  if (timeUnixNano === undefined && observedTimeUnixNano === undefined) return undefined;
  if (!isObject(body) && !Array.isArray(attributes)) return undefined;
  const pairs = Array.isArray(attributes) ? attributes.filter(isObject) : [];
  const own = isObject(body) ? [`"message":${textOf(body)}`] : [];
  const fields = pairs
    .filter(({ key }) => isText(key) && (own.length === 0 || key !== 'message'))
    .map(({ key, value }) => `${JSON.stringify(key)}:${textOf(value)}`);
  const time = isoOf(timeUnixNano) ?? isoOf(observedTimeUnixNano);
  const level = levelOf(o);
  const module = o[SCOPE_NAME];
  const parts = [
    ...(time === undefined ? [] : [`"timestamp":"${time}"`]),
    ...(level === undefined ? [] : [`"level":"${level}"`]),
    `"fields":{${[...own, ...fields].join(',')}}`,
    ...(isText(module) ? [`"target":${JSON.stringify(module)}`] : []),
  ];
  return `{${parts.join(',')}}`;
}

/** JSON of what a body of pairs says: a record that was parsed, or what wraps it; undefined of any other body. */
export function pairsOf(body: unknown): string | undefined {
  return isObject(body) && isObject(body.kvlistValue) ? textOf(body) : undefined;
}

/** JSON of one of OTLP's values; integers are texts there, and keep their digits. */
function textOf(value: unknown): string {
  const { stringValue, intValue, doubleValue, boolValue, arrayValue, kvlistValue } = Object(
    value,
  ) as JsonObject;
  if (stringValue !== undefined) return JSON.stringify(stringValue);
  if (intValue !== undefined)
    return /^-?\d+$/.test(String(intValue)) ? String(intValue) : JSON.stringify(intValue);
  if (doubleValue !== undefined || boolValue !== undefined) return JSON.stringify(doubleValue ?? boolValue);
  if (isObject(arrayValue)) return `[${valuesOf(arrayValue).map(textOf).join(',')}]`;
  if (!isObject(kvlistValue)) return 'null';
  const members = valuesOf(kvlistValue).filter(isObject);
  return `{${members.map(({ key, value }) => `${JSON.stringify(String(key))}:${textOf(value)}`).join(',')}}`;
}

const valuesOf = ({ values }: JsonObject): readonly unknown[] => (Array.isArray(values) ? values : []);

/** RFC 3339 of nanoseconds since the epoch; undefined for zero, which stands for none, and what is no such number. */
function isoOf(nanos: unknown): string | undefined {
  const digits = /^[1-9]\d{9,18}$/.exec(String(nanos))?.[0];
  if (digits === undefined) return undefined;
  const seconds = new Date(Number(digits.slice(0, -9)) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${digits.slice(-9)}Z`;
}

function levelOf({ severityNumber, severityText }: JsonObject): string | undefined {
  if (typeof severityNumber === 'number' && severityNumber > 0)
    return levels[Math.floor((severityNumber - 1) / 4)];
  const text = isText(severityText) ? severityText.toUpperCase() : '';
  return levels.includes(text) ? text : undefined;
}

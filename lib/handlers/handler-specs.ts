import type { HandlerType } from '../config.ts';
import { fileSpec } from './file/spec.ts';
import { kafkaSpec } from './kafka/spec.ts';
import { otlpSpec } from './otlp/spec.ts';
import { prometheusSpec } from './prometheus/spec.ts';
import { reportSpec } from './report/spec.ts';
import type { HandlerSpec } from './spec.ts';
import { stdoutSpec } from './stdout/spec.ts';

/** Every type of handler, in the order in which messages and documentation name them. */
export const handlerSpecs = {
  file: fileSpec,
  stdout: stdoutSpec,
  prometheus: prometheusSpec,
  otlp: otlpSpec,
  kafka: kafkaSpec,
  report: reportSpec,
} as const satisfies { readonly [T in HandlerType]: HandlerSpec & { readonly type: T } };

export const handlerTypes = Object.keys(handlerSpecs) as HandlerType[];

type Union = (typeof handlerSpecs)[HandlerType]['options'];
type Both<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;

/** The options of all types together; where types share a key, they share the option. */
export const typeOptions: Both<Union> = Object.assign(
  {},
  ...Object.values(handlerSpecs).map(({ options }) => options),
);

export type { Batch, Column, Flow, Input, LabelColumn, Picks, Rejected, Selection } from './batch/batch.ts';
export type { Framer, Frames } from './batch/framer.ts';
export { type EventSettings, resolveConfig, type Settings } from './config/resolve.ts';
export type { Config, HandlerConfig, SubscriptionConfig } from './config.ts';
export {
  type ErrorCode,
  errorCodes,
  MirrormonError,
  OutputClosed,
  type RejectionReason,
  rejectionReasons,
} from './errors.ts';
export type { Handler, HandlerContext } from './handlers/handler.ts';
export { Ledger, type LedgerReport } from './ledger.ts';
export * from './math/index.ts';
export type { MetricFamily } from './metrics/family.ts';
export type { OpenParser, Parser } from './parse/parser.ts';
export { createPipeline, openPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
export { Aggregate } from './stages/aggregate.ts';
export { Classify } from './stages/classify.ts';
export { Filter } from './stages/filter.ts';
export { Parse } from './stages/parse.ts';
export { Tee } from './stages/tee.ts';
export { asTransform, type Step } from './stages/transform.ts';
export type { MetricDefinition } from './systems/definition.ts';

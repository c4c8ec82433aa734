export type { Batch, Column, Flow, Input, LabelColumn, Picks, Rejected, Selection } from './batch/batch.ts';
export { resolveConfig } from './config/resolve.ts';
export type { Config, HandlerConfig, SubscriptionConfig } from './config.ts';
export {
  type ErrorCode,
  errorCodes,
  MirrormonError,
  type RejectionReason,
  rejectionReasons,
} from './errors.ts';
export { type Handler, type HandlerContext, type MetricFamily, OutputClosed } from './handlers/handler.ts';
export { Ledger, type LedgerReport } from './ledger.ts';
export * from './math/index.ts';
export type { Framer, Frames, OpenParser, Parser } from './parse/parser.ts';
export { createPipeline, openPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
export { Aggregate } from './stages/aggregate.ts';
export { Classify } from './stages/classify.ts';
export { Filter } from './stages/filter.ts';
export { Parse } from './stages/parse.ts';
export { Tee } from './stages/tee.ts';
export { asTransform, type Step } from './stages/transform.ts';
export type { MetricDefinition } from './systems/definition.ts';

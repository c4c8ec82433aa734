/**
 * What a program can use of mirrormon; lib/README.md describes each name and has an example that runs. Everything else
 * below lib/ may change at any time.
 */
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
export type { Ledger, LedgerReport } from './ledger.ts';
export * from './math/index.ts';
export type { MetricFamily } from './metrics/family.ts';
export { createPipeline, openPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
export type { Chunk } from './stages/parse.ts';

import { open, rm } from 'node:fs/promises';
import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError, systemReason } from '../../errors.ts';
import { Histories } from '../../page/histories.ts';
import { replaceFile, temporaryOf } from '../../state/replace-file.ts';
import type { Handler, HandlerContext } from '../handler.ts';

/** The page as one file. It gathers the histories of metrics as they flow by; who used what, the run itself keeps. */
class Report implements Handler {
  readonly name: string;
  readonly type = 'report';
  private readonly path: string;
  private readonly context: HandlerContext;
  private readonly histories = new Histories();

  constructor(config: HandlerConfig, context: HandlerContext) {
    this.name = config.name;
    this.path = config.path!;
    this.context = context;
  }

  /** Where it could not be written at the end, it says so before anything is read. */
  async open(): Promise<void> {
    const temporary = temporaryOf(this.path);
    try {
      await (await open(temporary, 'wx')).close();
      await rm(temporary);
    } catch (error) {
      throw new MirrormonError('HANDLER_OPEN', `the report cannot be written: ${systemReason(error)}`, {
        where: this.path,
        cause: error,
        hint: 'name a file in a folder that exists and may be written to',
      });
    }
  }

  write({ batch }: Flow, picks: Picks): number {
    for (let k = 0; k < picks.count; k++) {
      const row = picks.row[k]!;
      this.histories.add(batch.object(row), batch.time[row]!);
    }
    return 0;
  }

  async close(): Promise<void> {
    const { usage, ledger, config } = this.context;
    if (usage === undefined || ledger === undefined) return;
    const [{ TITLE }, { snapshotOf }, { snapshotPieces }, { reportPage }] = await Promise.all([
      import('../../page/live-page.ts'),
      import('../../page/gather.ts'),
      import('../../page/columns.ts'),
      import('../../page/html.ts'),
    ]);
    const { histories } = this;
    const { sessionMaxAge } = config.metrics;
    const snapshot = snapshotOf({ title: TITLE, live: false, usage, ledger, histories, sessionMaxAge });
    const html = await reportPage(TITLE, snapshotPieces(snapshot));
    try {
      await replaceFile(this.path, html);
    } catch (error) {
      ledger.takeBack(this.name, 'write-failed');
      throw new MirrormonError('HANDLER_WRITE', `the report was not written: ${systemReason(error)}`, {
        where: this.path,
        cause: error,
      });
    }
  }
}

export function openReport(config: HandlerConfig, context: HandlerContext): Handler {
  return new Report(config, context);
}

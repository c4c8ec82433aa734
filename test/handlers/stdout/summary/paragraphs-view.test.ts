import { PassThrough } from 'node:stream';
import t from 'tap';
import { ParagraphsView } from '../../../../lib/handlers/stdout/summary/paragraphs-view.ts';

t.test(
  'a few lines within a second of the first record, then one paragraph a minute while records come',
  async (t) => {
    const stream = new PassThrough();
    const state = { now: 0, records: 0 };
    const view = new ParagraphsView({
      stream,
      head: () => [`${state.records} records`, 'so many sessions'],
      progress: () => state.records,
      now: () => state.now,
    });
    t.teardown(() => view.stop());
    const said = (now: number, records: number): string => {
      Object.assign(state, { now, records });
      view.tick();
      return String(stream.read() ?? '');
    };
    t.equal(said(5000, 0), '');
    t.equal(said(5300, 3), '', 'a dump that ends at once says nothing before its end');
    t.equal(said(6300, 4), '4 records\nso many sessions\n\n');
    t.equal(said(30_000, 90), '');
    t.equal(said(66_400, 90), '90 records\nso many sessions\n\n');
    t.equal(said(200_000, 90), '', 'nothing new');
    t.equal(said(200_300, 91), '91 records\nso many sessions\n\n');
  },
);

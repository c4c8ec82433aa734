import type { PlannedHistogram, SeriesPartial } from '../../../batch/measure-plan.ts';
import { NaturalLog } from '../../../math/natural-log.ts';
import type { Taken } from './partial-tables.ts';
import { marksOf, type Newest, pairsOf, readNewest } from './read-partial.ts';
import { makeRoom, OURS, type Settling } from './settling.ts';
import { pairsKept } from './write-plan.ts';

/** A pair: order and value. */
const PAIR_BYTES = 16;
/** So many times what stays is gathered before what does not is let go. */
const GATHERED = 3;
/** For sorting, the same again of what stays, and a word for each pair and one more. */
const WORD_BYTES = 4;
/** Of runs of places: there is none; they were given. */
const NONE = -1;
const GIVEN = -2;

const NOTHING = new Float64Array(0);
const log = new NaturalLog();

/**
 * The samples of a table that engines have, joined: of each series the newest value, and of the pairs those that stay, by
 * their values, as statistics need them. JavaScript would take half of the time from the last record to the report for it, as
 * it is done once, and nothing of it has been compiled by then.
 */
export class JoinedSamples {
  private readonly settling: Settling;
  private readonly taken: readonly Taken[];
  private readonly keep: number;
  /** per millisecond */
  private readonly alpha: number;
  /** Of each series the first of its samples, and of each sample the next one, */
  private readonly heads: Int32Array;
  private readonly next: Int32Array;
  /** whose it is, and the address of its series there. */
  private readonly owners: Uint32Array;
  private readonly addresses: Uint32Array;
  /** Of two newest values the one that is older. */
  private readonly older = { hasNewest: false, newestTime: 0, newestRandom: 0, newestValue: 0 };

  constructor(settling: Settling, taken: readonly Taken[], table: number, histogram: PlannedHistogram) {
    this.settling = settling;
    this.taken = taken;
    this.keep = pairsKept(histogram);
    this.alpha = histogram.alpha / 1000;
    const most = taken.reduce((sum, { state }) => sum + state.ids[table]!, 0);
    this.next = new Int32Array(most);
    this.owners = new Uint32Array(most);
    this.addresses = new Uint32Array(most);
    let series = 0;
    for (const { tables, state } of taken) {
      const known = tables.knownOf(table, state.ids[table]!);
      for (let id = 1; id < state.ids[table]!; id++) series = Math.max(series, known[id]! + 1);
    }
    this.heads = new Int32Array(series).fill(NONE);
    for (let owner = 0, sample = 0; owner < taken.length; owner++) sample = this.add(owner, table, sample);
  }

  private add(owner: number, table: number, first: number): number {
    const { tables, state } = this.taken[owner]!;
    const place = tables.places[table]!;
    const known = tables.knownOf(table, state.ids[table]!);
    let sample = first;
    for (let id = 1; id < state.ids[table]!; id++) {
      const address = place.series + id * place.stride;
      if (marksOf(tables, address) === 0) continue;
      const series = known[id]!;
      this.next[sample] = this.heads[series]!;
      this.heads[series] = sample;
      this.owners[sample] = owner;
      this.addresses[sample++] = address;
    }
    return sample;
  }

  /** Has the first partial of a series hold the sample of all, and others none. Valid until the next call. */
  take(series: number, partial: SeriesPartial): void {
    const head = this.heads[series]!;
    this.heads[series] = GIVEN;
    partial.pairs = NOTHING;
    partial.hasNewest = false;
    if (head !== GIVEN) this.join(head, partial);
  }

  private join(head: number, partial: SeriesPartial): void {
    const { alpha, keep, next, older, settling } = this;
    const spare = OURS + GATHERED * keep * PAIR_BYTES;
    const starts = spare + keep * PAIR_BYTES;
    makeRoom(settling, starts + (keep + 1) * WORD_BYTES);
    const room = new Float64Array(settling.memory.buffer, OURS, 2 * GATHERED * keep);
    let end = 0;
    for (let sample = head; sample !== NONE; sample = next[sample]!) {
      const { tables } = this.taken[this.owners[sample]!]!;
      const address = this.addresses[sample]!;
      const pairs = pairsOf(tables, address);
      // behind them, a newest value that is not the newest of all
      if (end + pairs.length + 2 > room.length) end = this.letGo(end);
      room.set(pairs, end);
      end += pairs.length;
      readNewest(tables, address, older);
      if (!older.hasNewest) continue;
      if (isNewer(older, partial)) exchange(older, partial);
      if (!older.hasNewest || keep === 0) continue;
      room[end++] = log.of(older.newestRandom) - alpha * older.newestTime;
      room[end++] = older.newestValue;
    }
    end = this.letGo(end);
    settling.sortByValue(OURS, end / 2, spare, starts);
    partial.pairs = room.subarray(0, end);
  }

  /** Gives where those end that stay. */
  private letGo(end: number): number {
    const { keep, settling } = this;
    if (end <= 2 * keep) return end;
    settling.selectFirst(OURS, end / 2, keep);
    return 2 * keep;
  }
}

/** As lib/math has it: of equal times the greater random number decides, and then the greater value. */
function isNewer(one: Newest, other: Newest): boolean {
  if (!other.hasNewest) return true;
  if (one.newestTime !== other.newestTime) return one.newestTime > other.newestTime;
  if (one.newestRandom !== other.newestRandom) return one.newestRandom > other.newestRandom;
  return one.newestValue > other.newestValue;
}

function exchange(one: Newest, other: Newest): void {
  const { hasNewest, newestTime, newestRandom, newestValue } = one;
  copyNewest(other, one);
  copyNewest({ hasNewest, newestTime, newestRandom, newestValue }, other);
}

function copyNewest(from: Newest, to: Newest): void {
  to.hasNewest = from.hasNewest;
  to.newestTime = from.newestTime;
  to.newestRandom = from.newestRandom;
  to.newestValue = from.newestValue;
}

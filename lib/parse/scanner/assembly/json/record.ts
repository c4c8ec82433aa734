/** One record: from its first byte to behind its LF, values noted as entries on the way. */
import { beginRecord, dropEntries, settleShadows } from './row-entries';
import { inFull } from './in-full';
import { AGAIN, FAILED, predicted } from './predicted';

/** Behind the record at `start` and its LF; 0 if it is malformed or nests too deep. Its entries are kept if it is not. */
export function readRecord(start: usize): usize {
  beginRecord();
  let end = predicted(start);
  if (end == AGAIN) end = inFull(start);
  if (end == FAILED) dropEntries();
  else settleShadows();
  return end;
}

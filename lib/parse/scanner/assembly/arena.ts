/**
 * Memory for tables. It is handed out once, from low to high, and never given back: the scanner has no collector and
 * needs none. What is reserved but never written costs address space only.
 */

let top: usize = 0;
let limit: usize = 0;

export function openArena(start: usize, end: usize): void {
  top = (start + 63) & ~63;
  limit = end;
}

/** Zeroed memory, aligned to 64 bytes. The host's plan has room for all that is reserved (memory-plan.ts). */
export function reserve(bytes: usize): usize {
  const start = top;
  const next = (start + bytes + 63) & ~63;
  if (next > limit || next < start) unreachable();
  top = next;
  return start;
}

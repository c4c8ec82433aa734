import fc from 'fast-check';
import t from 'tap';
import { logs, traces } from '../../../lib/handlers/otlp/signals.ts';

/**
 * A fuzzer of what collectors, and proxies before them, answer: whatever it is, it is understood, or cannot be read and
 * counts as nothing. A second in a test run; MIRRORMON_FUZZ_SECONDS=600 for ten minutes by hand.
 */
const seconds = Number(process.env.MIRRORMON_FUZZ_SECONDS ?? 1);
t.setTimeout(30_000 + 4000 * seconds);

/** ExportLogsServiceResponse { partial_success: { rejected_log_records: 3, error_message: "too old" } } */
const protobuf = Buffer.from([0x0a, 0x0b, 0x08, 3, 0x12, 7, ...Buffer.from('too old')]);
const json = Buffer.from(
  '{"partialSuccess":{"rejectedLogRecords":"3","rejectedSpans":3,"errorMessage":"too old"}}',
);

const mutated = (whole: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.tuple(fc.nat(whole.length), fc.nat(2), fc.uint8Array({ maxLength: 12 })), { maxLength: 4 })
    .map((edits) => {
      let bytes = whole;
      for (const [at, cut, more] of edits)
        bytes = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + cut)]);
      return bytes;
    });

const figure = fc.oneof(fc.double(), fc.bigInt().map(String), fc.string(), fc.constant(null), fc.object());
const answers = fc
  .record({ rejectedLogRecords: figure, rejectedSpans: figure, errorMessage: figure }, { requiredKeys: [] })
  .map((partialSuccess) => Buffer.from(JSON.stringify({ partialSuccess })));
const bodies = fc.oneof(
  mutated(protobuf),
  mutated(json),
  answers,
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc.constant(Buffer.from('<!doctype html><title>Sign in</title>')),
);

for (const [name, signal] of Object.entries({ logs, traces })) {
  t.test(`answers to ${name}`, async (t) => {
    let read = 0;
    // loads what reads protobuf, before the time runs
    t.match(await signal.partialSuccess(protobuf), { rejected: 3, message: 'too old' });
    t.match(await signal.partialSuccess(json), { rejected: 3, message: 'too old' });
    const property = fc.asyncProperty(bodies, async (body) => {
      let answer: Awaited<ReturnType<typeof signal.partialSuccess>>;
      try {
        answer = await signal.partialSuccess(body);
      } catch (error) {
        // whoever asks takes it for an answer that says nothing
        return error instanceof Error;
      }
      if (answer === undefined) return true;
      read++;
      return answer.rejected >= 0 && !Number.isNaN(answer.rejected) && typeof answer.message === 'string';
    });
    await fc.assert(property, {
      numRuns: 10_000_000,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    });
    t.ok(read > 0, `${read} said something`);
  });
}

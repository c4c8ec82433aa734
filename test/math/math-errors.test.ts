import t from 'tap';
import { MeasurementError, MergeError, mathErrorCodes } from '../../lib/math/index.ts';

t.test('errors are range errors with a code', async (t) => {
  const errors = [new MeasurementError('m'), new MergeError('n')];
  t.same(
    errors.map((e) => e.code),
    mathErrorCodes,
  );
  t.ok(errors.every((e) => e instanceof RangeError));
  t.same(errors.map(String), ['MeasurementError: m', 'MergeError: n']);
});

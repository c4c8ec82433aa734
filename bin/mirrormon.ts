#!/usr/bin/env node
import { main } from '../lib/commands/main.ts';

// stands only if the event loop ever ran dry before the end: that must not look like success
process.exitCode = 1;

main(process.argv.slice(2), {
  // asked for only where it is read: opening it is a fiftieth of a short run
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onSignal(listener) {
    let asked = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      // who asks twice does not want to wait
      if (asked) process.exit(signal === 'SIGINT' ? 130 : 143);
      asked = true;
      listener(signal as 'SIGINT' | 'SIGTERM');
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    return () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  },
}).then((status) => {
  process.exitCode = status;
});

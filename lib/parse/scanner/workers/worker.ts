/** A parse worker: is told what it works with, and then does what the main thread tells it to. */
import { parentPort } from 'node:worker_threads';
import { ScanWorker } from './scan-worker.ts';
import type { Collect, Job, Reply, Setup } from './worker-messages.ts';

const port = parentPort!;
const reply = (message: Reply): void => {
  const notes = typeof message === 'object' && 'notes' in message ? message.notes : undefined;
  port.postMessage(message, notes === undefined ? [] : [notes.bytes]);
};
port.once('message', (setup: Setup) => {
  const worker = new ScanWorker(setup);
  port.on('message', (job: Job | Collect) => reply(worker.do(job)));
  reply({ ready: worker.given });
});

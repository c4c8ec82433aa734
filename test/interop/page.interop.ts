import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import t from 'tap';
import { snapshotPieces } from '../../lib/page/columns.ts';
import { reportPage } from '../../lib/page/html.ts';
import { freePort } from '../helpers/free-port.ts';
import { mirrormon, start } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';
import { year } from '../page/year.ts';
import { need } from './components.ts';
import { eventually } from './services.ts';

/** The page in a real browser: what it shows, that it obeys its policy, and that everybody can use it. */
const executablePath = await need('chromium');
t.setTimeout(600_000);
const folder = mkdtempSync(join(tmpdir(), 'mirrormon-page-'));
const browser: Browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
t.teardown(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = ['usage', 'users', 'targets', 'ports', 'health', 'metrics'] as const;

/** As axe-core tells it. */
interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

interface Watched {
  readonly page: Page;
  /** Console errors, exceptions, and reports of the policy. */
  readonly complaints: string[];
  /** Addresses that were asked for. */
  readonly requests: string[];
}

async function openPage(url: string, width: number, colorScheme: 'light' | 'dark'): Promise<Watched> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  await page.waitForSelector('main table');
  return { page, complaints, requests };
}

async function show(page: Page, view: string): Promise<void> {
  await page.evaluate(`location.hash = 'view=${view}'`);
  await page.waitForSelector(`nav a[aria-current][href*="${view}"]`);
  await page.waitForSelector('main table');
}

const report = join(folder, 'report.html');
writeFileSync(
  report,
  await reportPage(
    'mirrord usage',
    snapshotPieces(year({ sessions: 40_000, users: 400, targets: 60, days: 120 })),
  ),
);
const reportUrl = pathToFileURL(report).href;

t.test('the report on a desk and in a hand, light and dark', async (t) => {
  for (const [width, scheme] of [
    [1440, 'light'],
    [390, 'dark'],
    [390, 'light'],
    [1440, 'dark'],
  ] as const) {
    const { page, complaints, requests } = await openPage(reportUrl, width, scheme);
    for (const view of views) {
      await show(page, view);
      const over = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
      t.ok(over <= 0, `${view} at ${width}: nothing stands out of the page`);
    }
    t.same(complaints, [], `${width} ${scheme}: no complaint`);
    t.ok(
      requests.every((url) => url === reportUrl || url.startsWith('data:')),
      'nothing is asked for elsewhere',
    );
    await page.close();
  }
});

t.test('nobody is kept out', async (t) => {
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await openPage(reportUrl, 1440, scheme);
    for (const view of views) {
      await show(page, view);
      // the policy keeps strangers' scripts out, and the examiner is one
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setBypassCSP', { enabled: true });
      await session.send('Runtime.evaluate', { expression: axe });
      const { violations } = (await page.evaluate('axe.run()')) as { violations: Violation[] };
      const found = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      t.same(found, [], `${view}, ${scheme}`);
    }
    await page.close();
  }
});

t.test('search, order, range, theme and the address', async (t) => {
  const { page, complaints } = await openPage(reportUrl, 1440, 'light');
  await show(page, 'users');
  const first = (): Promise<string> => page.locator('tbody tr').first().locator('td').first().innerText();
  t.equal(await first(), 'user0@corp.example', 'most sessions first');
  await page.getByRole('button', { name: 'Mean' }).click();
  t.match(page.url(), 'sort=-mean');
  t.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'descending');
  await page.getByRole('searchbox').fill('user77@');
  t.equal(await page.locator('tbody tr').count(), 1);
  const all = await page.locator('.head h2 small').innerText();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('button', { name: '7d' }).click();
  t.match(page.url(), 'range=7d');
  t.not(await page.locator('.head h2 small').innerText(), all);
  await page.getByRole('button', { name: 'Dark or light' }).click();
  t.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark');
  const shared = page.url();
  await page.goto('about:blank');
  await page.goto(shared);
  await page.waitForSelector('main table');
  t.equal(
    await page
      .locator('nav a[aria-current]')
      .innerText()
      .then((text) => text.slice(0, 5)),
    'Users',
  );
  t.same(complaints, []);
  await page.close();
});

t.test(
  "of a controller's metrics the browser of metrics is first, and what is chosen comes into sight",
  async (t) => {
    const path = join(folder, 'controller.html');
    const run = await mirrormon(['report', fixture('ziti', 'events-v3.ndjson'), '-o', path, '-q']);
    t.equal(run.status, 0, run.stderr);
    const { page, complaints } = await openPage(pathToFileURL(path).href, 1440, 'light');
    t.equal(await page.title(), 'OpenZiti metrics');
    t.match(await page.locator('nav a[aria-current]').innerText(), /^Metrics/);
    const last = page.locator('main table button.link').last();
    await last.scrollIntoViewIfNeeded();
    await last.click();
    await page.waitForSelector('section[aria-label] svg');
    const top = Number(
      await page.evaluate("document.querySelector('section[aria-label]').getBoundingClientRect().top"),
    );
    t.ok(top > -1 && top < 900, `its chart is at ${top}`);
    t.same(complaints, []);
    await page.close();
  },
);

t.test('names are text', async (t) => {
  const { page, complaints } = await openPage(reportUrl, 1440, 'light');
  await show(page, 'users');
  t.ok(await page.getByText('<img src=x onerror=alert(1)>').count(), 'as it is written');
  t.equal(await page.locator('main img').count(), 0);
  t.same(complaints, []);
  await page.close();
});

t.test('a live run is followed', async (t) => {
  const port = await freePort();
  const child = start(['--metrics-addr', `127.0.0.1:${port}`, '-o', 'none', '-q']);
  const log = (await mirrormon(['generate', '--records', '2000'])).stdout.split('\n');
  child.stdin!.write(`${log.slice(0, 1000).join('\n')}\n`);
  const url = `http://127.0.0.1:${port}/`;
  await eventually('the endpoint', async () => {
    const answer = await fetch(`${url}api/v1/usage`).catch(() => undefined);
    return answer?.ok ? true : undefined;
  });
  const { page, complaints, requests } = await openPage(url, 1440, 'light');
  t.match(await page.locator('output').innerText(), 'live');
  const sessions = (): Promise<string> => page.locator('.cards .value').first().innerText();
  const before = await sessions();
  child.stdin!.write(`${log.slice(1000).join('\n')}\n`);
  await eventually('newer figures', async () => ((await sessions()) === before ? undefined : true), 10);
  t.pass('newer figures came without a reload');
  t.same(complaints, []);
  t.ok(
    requests.every((asked) => asked.startsWith(url) || asked.startsWith('data:')),
    'its own server alone',
  );
  child.stdin!.end();
  await page.waitForSelector('output.lost', { timeout: 15_000 });
  t.pass('and says when it is over');
  await page.close();
});

/** What a person sees who opens the endpoint in a browser. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mirrormon</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
</style>
<h1>mirrormon</h1>
<ul>
  <li><a href="/metrics">Metrics</a>, for Prometheus: text or OpenMetrics by the Accept header</li>
  <li><a href="/healthz">Health</a></li>
  <li><a href="/readyz">Readiness</a></li>
</ul>
</html>
`;

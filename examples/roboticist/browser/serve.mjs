// Bundles depth.js (roslib and all) and serves the page:
//
//   node examples/roboticist/browser/serve.mjs [--port 8421]        then open the address it prints
//
// A page needs a bundler for roslib 2 (npm), or the script build of roslib 1; nothing else of this file is needed elsewhere.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8421' } } });
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { outputFiles: [script] } = await build({ entryPoints: [here('depth.js')], bundle: true, format: 'esm', platform: 'browser', write: false, logLevel: 'error' });
const files = {
  '/': ['text/html; charset=utf-8', await readFile(here('index.html'))],
  '/depth.js': ['text/javascript; charset=utf-8', script.contents],
};
const server = createServer(({ url }, response) => {
  const [type, body] = files[new URL(url, 'http://page').pathname] ?? ['text/plain', undefined];
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body ?? 'not found');
});
server.listen(Number(values.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));

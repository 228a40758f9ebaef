#!/usr/bin/env node
// The `sextant` command. Plain JavaScript of any age up to the check, so that an old Node gets a sentence and no stack.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Sextant needs Node 20.19 or newer; this is Node ${process.versions.node}. Install a current one from https://nodejs.org.`);
  process.exit(1);
}
let main;
try {
  ({ main } = await import('../dist/main.js'));
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error(`The sextant command is not built (${error.message}). Run: npm ci && npm run build`);
  process.exit(1);
}
await main(process.argv.slice(2));

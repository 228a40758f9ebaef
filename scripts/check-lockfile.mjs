// The lockfile must serve any registry: no download addresses, and a hash for every package that is downloaded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stamps.mjs';

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const problems = [];
for (const [path, entry] of Object.entries(packages)) {
  if (/^[a-z+]+:\/\//.test(entry.resolved ?? '')) problems.push(`${path} records the address ${entry.resolved}`);
  if (path.includes('node_modules/') && !entry.link && !entry.inBundle && entry.integrity === undefined) problems.push(`${path} has no hash`);
}
for (const problem of problems) console.error(`lockfile: ${problem}`);
console.log(`lockfile: ${Object.keys(packages).length} packages, ${problems.length} problem(s)`);
process.exitCode = problems.length === 0 ? 0 : 1;

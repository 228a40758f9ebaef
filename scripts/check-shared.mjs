// Tests on real clips and assets are skipped where the folder `shared` beside the checkout is absent. That is fine on a
// laptop and not in CI: there a skipped test would look like a passed one.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stamps.mjs';

const missing = ['data', 'assets'].map((name) => join('..', 'shared', name)).filter((path) => !existsSync(join(root, path)));
for (const path of missing) console.error(`shared: ${path} is not here, so tests and checks that read it are skipped`);
process.exitCode = missing.length === 0 ? 0 : 1;

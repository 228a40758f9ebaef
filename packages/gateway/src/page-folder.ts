import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the built page lies: the `dist` of `@sextant/viewer`. Undefined before a build. */
export function findPage(): string | undefined {
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve('@sextant/viewer/package.json')), 'dist');
    return existsSync(join(folder, 'index.html')) ? folder : undefined;
  } catch {
    return undefined; // the package is not installed
  }
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the built page lies: beside the built module, or in dist when running from source. Undefined before a build. */
export function findPage(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, 'page'), join(here, '../dist/page')].find((folder) => existsSync(join(folder, 'index.html')));
}

import { readFileSync } from 'node:fs';

/** The version of this package. */
export function version(): string {
  // The package's folder is one above both src and dist.
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return text;
}

import { createHash } from 'node:crypto';

/** The hash of all files that a frame was read from, of their own hashes; one alone stays as it is, absent ones do not count. */
export function together(...hashes: readonly (string | undefined)[]): string {
  const there = hashes.filter((hash) => hash !== undefined);
  return there.length === 1 ? there[0] : sha256(there.join('\n'));
}

/** The SHA-256 of a file's content, hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

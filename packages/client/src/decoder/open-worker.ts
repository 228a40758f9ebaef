/** Where the script-tag build lies, noted while it runs: the worker lies beside it. */
const script = typeof document === 'undefined' ? undefined : (document.currentScript as HTMLScriptElement | null)?.src;

/** Set by the script-tag build, which cannot use import.meta. */
declare const SEXTANT_SCRIPT_TAG: boolean | undefined;

/** The worker of this package, or undefined where there are no workers (Node decodes inline: a message takes well under a millisecond). */
export function openWorker(): Worker | undefined {
  if (typeof Worker !== 'function' || typeof location === 'undefined') return undefined;
  if (typeof SEXTANT_SCRIPT_TAG !== 'undefined') return script === undefined ? undefined : new Worker(new URL('sextant-worker.js', script));
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

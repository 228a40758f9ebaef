import type { Work } from '../cli/session.js';
import { checks } from './checks.js';

/** `sextant doctor`: one line per finding; exit code 1 where something failed that every run needs. */
export async function diagnose(port: number, { output, signal, stoppedBy }: Work): Promise<number> {
  const count = { ok: 0, warn: 0, fail: 0 };
  let complete = true;
  for (const check of checks(port)) {
    if (signal.aborted) {
      complete = false;
      break;
    }
    for (const finding of await check()) {
      const { name, status, message, hint } = finding;
      count[status] += 1;
      output.event('check', { ...finding });
      output.print(`${status.padEnd(5)} ${name.padEnd(17)} ${message}${hint === undefined ? '' : `\n${' '.repeat(24)}${hint}`}`);
    }
  }
  output.event('end', { reason: complete ? 'complete' : (stoppedBy() ?? 'stopped'), ...count });
  output.print(`${complete ? '' : 'stopped after '}${count.ok} ok, ${count.warn} warnings, ${count.fail} failures`);
  return count.fail === 0 ? 0 : 1;
}

// The page in a real browser: the gateway's own test, which is skipped where there is no Chromium; here that is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(process.env.SEXTANT_CI_WORK ?? tmpdir(), 'page-'));
try {
  const report = join(folder, 'jest.json');
  spawnSync(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', 'packages/gateway/test/page.test.ts', '--json', `--outputFile=${report}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  console.log(`page: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  process.exitCode = numPassedTests > 0 && numFailedTests === 0 && numPendingTests === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

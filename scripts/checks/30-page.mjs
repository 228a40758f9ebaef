// The page and the browser examples in a real browser: their own tests, which are skipped where there is no Chromium; here that is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TESTS = ['packages/gateway/test/page.test.ts', 'packages/gateway/test/page-troubles.slow.test.ts', 'test/e2e/ar.slow.test.ts'];
const folder = mkdtempSync(join(process.env.SEXTANT_CI_WORK ?? tmpdir(), 'page-'));
try {
  const report = join(folder, 'jest.json');
  spawnSync(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...TESTS, '--testPathIgnorePatterns=/node_modules/', '--runInBand', '--json', `--outputFile=${report}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { numPassedTests, numFailedTests, numPendingTests, numPassedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  console.log(`page and browser examples: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  process.exitCode = numPassedTestSuites === TESTS.length && numFailedTests === 0 && numPendingTests === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

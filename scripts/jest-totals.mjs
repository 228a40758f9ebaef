// Reads jest's --json report and prints "passed failed" for .ci/run; lists failures and skipped tests on stderr.
// A suite that did not load counts as one failure.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './stamps.mjs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const suite of report.testResults) {
  const file = relative(root, suite.name);
  if (suite.status === 'failed' && suite.assertionResults.length === 0) console.error(`failed to load: ${file}`);
  for (const test of suite.assertionResults) {
    if (test.status === 'failed') console.error(`failed: ${file}: ${test.fullName}`);
    if (test.status === 'pending' || test.status === 'todo') console.error(`skipped: ${file}: ${test.fullName}`);
  }
}
console.log(report.numPassedTests, report.numFailedTests + report.numRuntimeErrorTestSuites);

// Flags public names without a doc comment, and links in doc comments that lead nowhere. Writes nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Application, LogLevel } from 'typedoc';
import { root } from './stamps.mjs';

process.chdir(root);
const { default: config } = await import('../typedoc.json', { with: { type: 'json' } });
const entryPoints = config.entryPoints.filter((path) => existsSync(join(root, path)));
const application = await Application.bootstrap({
  entryPoints,
  tsconfig: config.tsconfig,
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true, // what is inherited from rxjs is documented there
  readme: 'none',
  disableSources: true,
  skipErrorChecking: true, // `npm run typecheck` is for that
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: config.requiredToBeDocumented,
  logLevel: LogLevel.Warn,
});
const project = await application.convert();
if (project === undefined) {
  console.error('docs: the sources do not compile');
  process.exit(1);
}
application.validate(project);
const problems = application.logger.warningCount + application.logger.errorCount;
console.log(`docs: ${entryPoints.length} packages, ${problems} problem(s)`);
process.exitCode = problems === 0 ? 0 : 1;

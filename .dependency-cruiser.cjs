/**
 * The arrows of docs/architecture.md, checked by `npm run arrows`: a room imports only rooms below it, siblings never
 * import each other, core runs in a browser, nothing goes in a circle.
 */

/** Rooms from the top down; rooms of one floor are siblings. */
const FLOORS = [['cli'], ['gateway', 'synth'], ['ros', 'model', 'camera'], ['world'], ['core']];

/** Browser rooms: beside the floors, on core alone, and no server room imports them. */
const SERVER = FLOORS.flat().filter((room) => room !== 'core');

/** `from` may not reach any other room of `to`, by path or by package name. */
const forbid = (room, others) => ({
  name: `${room}-imports-only-what-lies-below`,
  severity: 'error',
  comment: `${room} must not import ${others.join(', ')}: see docs/architecture.md`,
  from: { path: `^packages/${room}/` },
  to: { path: `^(packages|node_modules/@sextant|@sextant)/(${others.join('|')})(/|$)` },
});

const arrows = FLOORS.flatMap((floor, level) =>
  floor
    .map((room) => ({ room, others: [...FLOORS.slice(0, level).flat(), ...floor.filter((sibling) => sibling !== room)] }))
    .filter(({ others }) => others.length > 0)
    .map(({ room, others }) => forbid(room, others)),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    { ...forbid('client', SERVER), from: { path: '^packages/client/src/', pathNot: '\\.test\\.ts$' } },
    { ...forbid('viewer', [...SERVER, 'core']), from: { path: '^packages/viewer/', pathNot: '\\.test\\.ts$' } },
    {
      name: 'client-runs-in-a-browser',
      severity: 'error',
      comment: 'client imports no Node builtin but in the one file that only Node loads',
      from: { path: '^packages/client/src', pathNot: ['\\.test\\.ts$', '^packages/client/src/node\\.ts$'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-server-room-imports-the-client',
      severity: 'error',
      from: { path: `^packages/(${[...SERVER, 'core'].join('|')})/src`, pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages|node_modules/@sextant|@sextant)/(client|viewer)(/|$)' },
    },
    {
      name: 'core-runs-in-a-browser',
      severity: 'error',
      comment: 'core imports no Node builtin',
      from: { path: '^packages/core/src', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-stands-on-rxjs-alone',
      severity: 'error',
      comment: 'core has no dependency but rxjs',
      from: { path: '^packages/core/src', pathNot: '\\.test\\.ts$' },
      to: { path: '(^|/)node_modules/', pathNot: 'node_modules/rxjs/' },
    },
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'files that import each other cannot be understood one at a time',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-reaching-into-a-room',
      severity: 'error',
      comment: 'across rooms import @sextant/<room>, never a path',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/([^/]+)/', pathNot: ['^packages/$1/', '^packages/[^/]+/(src/index\\.ts|dist/index\\.[^/]+)$'] },
    },
    {
      name: 'commands-load-their-code-when-they-run',
      severity: 'error',
      comment: 'what reads the command line imports what a command does only by import() in its action: --help and usage errors need none of it',
      from: { path: '^packages/cli/src/(commands/|cli/|main\\.ts|program\\.ts)', pathNot: ['\\.test\\.ts$', '/parse-thresholds\\.ts$'] },
      to: {
        path: ['^packages/(camera|gateway|ros|synth|world)/', '^packages/cli/src/(?!commands/|cli/|version\\.ts|program\\.ts|files/|eval/size\\.ts|calibrate/dictionaries\\.ts)'],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-imports-a-test',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$' },
    },
    { name: 'all-imports-resolve', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^rclnodejs$' } },
    {
      name: 'dependencies-are-declared',
      severity: 'error',
      comment: 'what a room imports stands in its package.json (tests and tooling may use the root\'s; the viewer is served as a bundle)',
      from: { path: '^packages/[^/]+/src', pathNot: ['\\.test\\.ts$', '^packages/viewer/'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] , dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'require', 'node', 'default'] },
  },
};

import all from '../../jest.config.mjs';

/**
 * Tests that take longest, here and as `*.slow.test.ts` beside the others: `npm run test:slow`. `.ci/run` runs them after `npm test`, which leaves them out.
 *
 * @type {import('jest').Config}
 */
export default { ...all, rootDir: '../..', testMatch: ['<rootDir>/test/slow/**/*.test.ts', '<rootDir>/{packages/*,test}/**/*.slow.test.ts'], testPathIgnorePatterns: ['/node_modules/', '/dist/'] };

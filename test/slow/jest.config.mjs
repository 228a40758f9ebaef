import all from '../../jest.config.mjs';

/**
 * Tests that take a minute each: `npm run test:slow`. `.ci/run` runs them after `npm test`, which leaves them out.
 *
 * @type {import('jest').Config}
 */
export default { ...all, rootDir: '../..', testMatch: ['<rootDir>/test/slow/**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/', '/dist/'] };

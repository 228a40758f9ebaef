// What @swc/jest makes of a TypeScript file, with what loops over pixels use of the globals as constants of the module: jest runs tests in a
// context of its own, where every look at a global goes through an interceptor, and such loops took three to ten times as long. (jest's own
// cure, sandboxInjectedGlobals, has no effect on ES modules.) On the first line, so that line numbers stay.
import { createHash } from 'node:crypto';
import swc from '@swc/jest';

const FAST = 'const { Array, Float32Array, Float64Array, Infinity, Int32Array, Map, Math, NaN, Number, Set, Uint8Array } = globalThis; ';

export default {
  createTransformer(options) {
    const inner = swc.createTransformer(options);
    const wrapped = (result) => ({ ...result, code: FAST + result.code });
    return {
      ...inner,
      getCacheKey: (...args) => createHash('sha256').update(inner.getCacheKey(...args)).update(FAST).digest('hex'),
      process: (...args) => wrapped(inner.process(...args)),
      processAsync: async (...args) => wrapped(await inner.processAsync(...args)),
    };
  },
};

import { library } from '../../scripts/tsup.mjs';

// Split, so that a command loads its own code only. ws is CommonJS and cannot be bundled into ESM; dependencies of package.json are external by themselves.
export default library({ entry: ['src/index.ts', 'src/main.ts', 'src/dataset-worker.ts'], splitting: true, external: ['ws'] });

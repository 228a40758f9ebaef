import { library } from '../../scripts/tsup.mjs';

// ws is CommonJS and cannot be bundled into ESM; dependencies of package.json are external by themselves.
export default library({ entry: ['src/index.ts', 'src/main.ts', 'src/dataset-worker.ts'], external: ['ws'] });

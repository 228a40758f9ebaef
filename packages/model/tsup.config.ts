import { library } from '../../scripts/tsup.mjs';

export default library({ entry: ['src/index.ts', 'src/worker.ts', 'src/latent-worker.ts'] });

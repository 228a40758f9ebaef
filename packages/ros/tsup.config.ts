import { library } from '../../scripts/tsup.mjs';

export default library({ entry: { index: 'src/index.ts', 'zstd-worker': 'src/mcap/zstd-worker.ts' } });

import { library } from '../../scripts/tsup.mjs';

export default library({ entry: ['src/index.ts'] });

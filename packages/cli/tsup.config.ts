import { library } from '../../scripts/tsup.mjs';

export default library({ entry: ['src/main.ts'], format: ['esm'] });

import { library } from '../../scripts/tsup.mjs';
import { buildPage } from './page/build.mjs';

export default library({
  entry: ['src/index.ts'],
  onSuccess: async () => {
    await buildPage('dist/page');
  },
});

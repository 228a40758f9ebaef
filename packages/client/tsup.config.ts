import { library } from '../../scripts/tsup.mjs';
import { buildBrowser } from './build-browser.mjs';

export default library({
  entry: ['src/index.ts', 'src/node.ts'],
  onSuccess: async () => {
    await buildBrowser('dist');
  },
});

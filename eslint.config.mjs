import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import globals from './scripts/eslint-globals.mjs';

/** Which room may import which is the business of `npm run arrows` (.dependency-cruiser.cjs). */
export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/.venv/', 'docs/api/', 'coverage/', 'out/', 'runs/', 'training/', 'models/'] },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylistic],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': 'error',
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-unnecessary-type-arguments': 'error',
      // Arrays are read by index everywhere; `!` there is the statement that the index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNullish: true }],
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'examples/**/*.{ts,tsx}'],
    rules: { 'no-console': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  // Outside the one TypeScript project: no rules that need types.
  { files: ['**/tsup.config.ts', '**/vite.config.ts', 'packages/viewer/client-source.ts'], extends: [tseslint.configs.disableTypeChecked], languageOptions: { parserOptions: { project: null } } },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
);

// Type-checks the programs that READMEs show: blocks of TypeScript, and of JavaScript for browsers, that import a package of ours. Reads sources, needs no build.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './stamps.mjs';

/** Names that examples take for given, as their text says. */
const GIVEN = `import type { Frame, Perception } from '@sextant/core';
import type { Model } from '@sextant/model';
import type { RosBridge } from '@sextant/ros';
import type { Observable } from 'rxjs';
declare global {
  const camera: Observable<Frame>, perceptions: Observable<Perception>, status$: Observable<unknown>, model: Model, bridge: RosBridge;
  const canvas: HTMLCanvasElement, context: CanvasRenderingContext2D;
  function show(shown: unknown): void;
}
`;

const folder = join(root, 'node_modules', '.cache', 'sextant-examples');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'given.ts'), GIVEN);

const pages = ['README.md', ...readdirSync(join(root, 'packages')).map((room) => `packages/${room}/README.md`), ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
/** File of an example -> the page, and the line of it before the example. */
const origin = new Map();
for (const page of pages) {
  let text;
  try {
    text = readFileSync(join(root, page), 'utf8');
  } catch {
    continue; // a room without one
  }
  for (const { 1: code, index } of text.matchAll(/^```(?:ts|js)\n([\s\S]*?)^```/gm)) {
    if (!/from '@sextant\//.test(code)) continue;
    const file = join(folder, `${origin.size}.ts`);
    writeFileSync(file, `${code}export {};\n`); // a module, with names of its own
    origin.set(file, { page, before: text.slice(0, index).split('\n').length });
  }
}

const program = ts.createProgram([join(folder, 'given.ts'), ...origin.keys()], {
  strict: true, noEmit: true, skipLibCheck: true, types: ['node'], jsx: ts.JsxEmit.ReactJSX,
  target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, customConditions: ['source'],
});
const problems = [...origin.keys()].flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((problem) => ({ file, problem })));
for (const { file, problem } of problems) {
  const { page, before } = origin.get(file);
  const { line } = ts.getLineAndCharacterOfPosition(problem.file, problem.start);
  console.error(`${page}:${before + line + 1}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
}
console.log(`examples: ${origin.size} of READMEs and docs, ${problems.length} problem(s)`);
process.exitCode = origin.size > 0 && problems.length === 0 ? 0 : 1;

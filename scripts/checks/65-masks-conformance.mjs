// The mask protocol: committed vectors are what packages/core writes, and a second decoder in Python reads them alike.
import { spawnSync } from 'node:child_process';

const run = (command, ...args) => spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
const written = run(process.execPath, 'test/conformance/generate.mjs', '--check');
const read = run('python3', 'test/conformance/decode.py');
process.exitCode = written && read ? 0 : 1;

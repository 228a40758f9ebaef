import { describe, expect, it } from '@jest/globals';
import { withoutRosArgs } from './ros-args.js';

describe('withoutRosArgs', () => {
  it.each([
    ['run --source sim:7', 'run --source sim:7'],
    ['run --source sim:7 --ros-args -p a:=b --params-file q.yaml', 'run --source sim:7'],
    ['run --ros-args -r __node:=x -- --json', 'run --json'],
    ['run --ros-args -p a:=b -- --rate 5 --ros-args --log-level debug', 'run --rate 5'],
    ['run --ros-args', 'run'],
    ['calibrate --ros-args -p a:=b', 'calibrate'],
    ['estimate --ros-args -p a:=b', 'estimate --ros-args -p a:=b'],
  ])('%s', (given, left) => {
    expect(withoutRosArgs(given.split(' '))).toEqual(left.split(' '));
  });
});

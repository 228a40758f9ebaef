/** Commands that may start a ROS 2 node. */
const COMMANDS: readonly string[] = ['run', 'calibrate'];

/**
 * The arguments without what is ROS 2's: `--ros-args` up to `--` or the end, any number of times, as rcl reads them. rclnodejs takes that from
 * the process's own arguments. Of commands that start no node nothing is taken away, and commander refuses it.
 */
export function withoutRosArgs(args: readonly string[]): string[] {
  if (!COMMANDS.includes(args[0])) return [...args];
  let theirs = false;
  return args.filter((word) => {
    const was = theirs;
    theirs = was ? word !== '--' : word === '--ros-args';
    return !was && !theirs;
  });
}

/** Whether this process was given arguments for ROS 2. */
export function rosArgsGiven(argv: readonly string[] = process.argv): boolean {
  return argv.includes('--ros-args');
}

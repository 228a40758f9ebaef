// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an object of theirs, only passed on from one of their functions to another
type Theirs = any;

/**
 * What Sextant uses of rclnodejs 2.2, narrowly: its own types come with ROS 2 messages generated on the robot, which no build here has.
 * scripts/checks/55-rclnodejs-types.sh proves that the real types fit these.
 */
export interface Rcl {
  init(): Promise<void>;
  shutdown(): void;
  /** Takes away the SIGINT handler that the import of rclnodejs installs, which destroys every node. */
  removeSignalHandlers(): void;
  readonly QoS: RclQosClass;
  readonly QoSOverridingOptions: { withDefaultPolicies(): Theirs };
  readonly Parameter: new (name: string, type: number, value: unknown) => RclParameter;
  readonly ParameterDescriptor: new (name: string, type: number, description: string, readOnly: boolean, range?: Theirs) => Theirs;
  /** `step` 0 allows every value between; left out it is 1, which allows whole steps from `from` only. */
  readonly FloatingPointRange: new (from: number, to: number, step: number) => Theirs;
  readonly IntegerRange: new (from: bigint, to: bigint) => Theirs;
  readonly lifecycle: { readonly LifecycleNode: new (name: string, namespace: string) => RclLifecycleNode };
}

export interface RclQosClass {
  new (history: number, depth: number, reliability: number, durability: number): Theirs;
  readonly profileSensorData: string;
  readonly profileDefault: string;
}

export interface RclParameter {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A LifecyclePublisher: it drops what it is given until it is activated, and its node's transitions do not activate it. */
export interface RclPublisher {
  /** A Buffer is sent as it is: CDR with its encapsulation header. */
  publish(message: Buffer): void;
  activate(): unknown;
  deactivate(): unknown;
  /** A getter when it runs, a method by its types. */
  readonly subscriptionCount: number | (() => number);
}

export interface RclOptions {
  readonly qos?: Theirs;
  readonly isRaw?: boolean;
  readonly qosOverridingOptions?: Theirs;
}

/** The node's logger: the console, and `/rosout`. */
export interface RclLogger {
  info(message: string): unknown;
  warn(message: string): unknown;
  error(message: string): unknown;
}

export interface RclLifecycleNode {
  getLogger(): RclLogger;
  createLifecyclePublisher(type: string, topic: string, options: RclOptions): RclPublisher;
  createSubscription(type: string, topic: string, options: RclOptions, callback: (message: Buffer) => void): Theirs;
  destroyPublisher(publisher: Theirs): void;
  destroySubscription(subscription: Theirs): void;
  declareParameters(parameters: RclParameter[], descriptors: Theirs[]): RclParameter[];
  /** Those of launch files and `--ros-args -p`, declared or not. */
  getParameterOverrides(): RclParameter[];
  setParameters(parameters: RclParameter[]): unknown;
  addOnSetParametersCallback(callback: (parameters: readonly RclParameter[]) => { successful: boolean; reason: string }): void;
  registerOnConfigure(callback: () => number): void;
  registerOnActivate(callback: () => number): void;
  registerOnDeactivate(callback: () => number): void;
  registerOnCleanup(callback: () => number): void;
  registerOnShutdown(callback: () => number): void;
  configure(): unknown;
  activate(): unknown;
  deactivate(): unknown;
  cleanup(): unknown;
  spin(): void;
  destroy(): void;
}

/** lifecycle_msgs/msg/Transition TRANSITION_CALLBACK_SUCCESS and _ERROR. */
export const SUCCESS = 97;
export const ERROR = 99;

/** rmw's numbers: keep last, reliable, transient local (`rmw/types.h`). */
export const LATCHED_QOS = [1, 1, 1, 1] as const;

import type { RosBridge } from './bridge.js';

/**
 * A way out of the process: rosbridge, MCAP, later rclnodejs and Foxglove. It subscribes to the topics its clients ask for,
 * encodes what it can send, and counts through the subscription what it sent and what it had to drop.
 */
export interface Transport {
  /** Names the transport in drop counts, e.g. `rosbridge`. */
  readonly name: string;
  /** Starts serving the bridge's topics; called once, by `bridge.attach`. */
  attach(bridge: RosBridge): void;
  /** Gives back sockets and files; the bridge's subscriptions with them. */
  close(): Promise<void>;
}

/** A ROS message with a std_msgs/Header. */
export interface Stamped {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number }; readonly frame_id: string };
}

/** Nanoseconds of a message's header; 0 of a driver that does not stamp. */
export const headerStamp = ({ header: { stamp } }: Stamped): bigint => BigInt(stamp.sec) * 1_000_000_000n + BigInt(stamp.nanosec);

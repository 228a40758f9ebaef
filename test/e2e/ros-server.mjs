// A gateway over made-up perceptions, for clients of other makers (scripts/checks): prints its port, then every picture that a client
// publishes on /robot/camera/compressed. Arguments: [--token <token>]. Needs built packages.
import { startGateway } from '../../packages/gateway/dist/index.js';
import { createBridge } from '../../packages/ros/dist/index.js';
import { everyTick, nowNs, perceptionRing } from '../bench/wire-perceptions.mjs';

const token = process.argv.includes('--token') ? process.argv[process.argv.indexOf('--token') + 1] : undefined;
const bridge = createBridge();
const gateway = await startGateway({ bridge, port: 0, ...(token !== undefined && { token }) });
bridge.incoming('/robot/camera/compressed', 'sensor_msgs/msg/CompressedImage').subscribe(({ header, format, data }) => {
  console.log(JSON.stringify({ event: 'picture', frameId: header.frame_id, format, bytes: data.length, first: [...data.subarray(0, 3)] }));
});
bridge.log$.subscribe(({ level, message }) => console.error(`${level}: ${message}`));
const next = perceptionRing({ camera: [64, 48], depth: [32, 24], maps: [32, 24] });
everyTick(20, () => bridge.publish(next(nowNs())));
console.log(gateway.port);

import type { SourceSpec } from '@sextant/camera';
import { dropCounter } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { startGateway } from '@sextant/gateway';
import type { Gateway } from '@sextant/gateway';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import type { Observable } from 'rxjs';
import type { Work } from '../cli/session.js';
import { nativeTransport } from '../run/native.js';
import { rosSource } from '../run/ros-source.js';

/** Cameras whose pictures are topics: of the ROS graph (`ros:`), or published by rosbridge and Foxglove clients (`rosbridge:`). */
export class TopicCameras {
  #bridge: RosBridge | undefined;
  #gateway: Promise<Gateway> | undefined;

  constructor(private readonly port: number, private readonly output: Work['output']) {}

  /** @throws SextantError `unsupported` where ROS 2 is needed and not there, `port-in-use`, ... of the gateway. */
  async open(spec: Extract<SourceSpec, { kind: 'ros' }>): Promise<Observable<Frame>> {
    const told = (message: string): void => { this.output.warn(message); };
    const bridge = (this.#bridge ??= createBridge());
    const options = { drops: dropCounter(), onIssue: told };
    if (spec.transport === 'native') {
      const native = await nativeTransport('native', spec, bridge, told);
      return rosSource(native ?? bridge, spec.topic, options);
    }
    this.#gateway ??= startGateway({ bridge, host: '127.0.0.1', port: this.port });
    const { url } = await this.#gateway;
    this.output.event('ready', { url, pid: process.pid });
    this.output.note(`waiting for ${spec.topic} at ${url.replace('http', 'ws')}`);
    return rosSource(bridge, spec.topic, options);
  }

  async close(): Promise<void> {
    await this.#bridge?.close();
    await (await this.#gateway?.catch(() => undefined))?.close();
  }
}

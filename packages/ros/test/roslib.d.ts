/** The part of roslib that the tests use; its own declarations do not resolve under NodeNext. */
declare module 'roslib' {
  export class Ros {
    readonly isConnected: boolean;
    connect(url: string): Promise<void>;
    close(): void;
    once(event: 'connection', listener: () => void): void;
    getTopics(done: (result: { topics: string[]; types: string[] }) => void, failed: (reason: unknown) => void): void;
    getTopicType(topic: string, done: (type: string) => void, failed: (reason: unknown) => void): void;
    getNodes(done: (nodes: string[]) => void, failed: (reason: unknown) => void): void;
    getTopicsAndRawTypes(done: (result: { topics: string[]; types: string[]; typedefs_full_text: string[] }) => void, failed: (reason: unknown) => void): void;
    getNodeDetails(node: string, done: (details: { subscribing: string[]; publishing: string[]; services: string[] }) => void, failed: (reason: unknown) => void): void;
    getMessageDetails(type: string, done: (details: { type: string }[]) => void, failed: (reason: unknown) => void): void;
  }
  export class Topic<T> {
    constructor(options: { ros: Ros; name: string; messageType?: string; compression?: string });
    subscribe(listener: (message: T) => void): void;
    unsubscribe(): void;
    publish(message: T): void;
  }
  export class Service<Request, Response> {
    constructor(options: { ros: Ros; name: string; serviceType: string });
    callService(request: Request, done: (response: Response) => void, failed: (reason: unknown) => void): void;
  }
}

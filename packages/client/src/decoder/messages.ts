import type { ErrorCode } from '@sextant/core';
import type { DataHeader, DataPayload } from '@sextant/core';

/** A decoded picture, or the payload as it is. */
export interface Decoded {
  readonly header: DataHeader;
  readonly payload: DataPayload;
  /** Pictures, where the platform decodes them. */
  readonly bitmap?: ImageBitmap;
  /** Milliseconds the decoding took. */
  readonly decodeMs: number;
}

/** To the worker. Messages are transferred. */
export type DecoderRequest =
  | { readonly type: 'options'; readonly maxPixels: number | undefined }
  | { readonly type: 'decode'; readonly id: number; readonly message: Uint8Array<ArrayBuffer> }
  | { readonly type: 'forget'; readonly stream: number };

/** From the worker. Arrays and bitmaps are transferred. */
export type DecoderReply =
  | { readonly type: 'ready' }
  | { readonly type: 'decoded'; readonly id: number; readonly result: Decoded }
  | { readonly type: 'failed'; readonly id: number; readonly code: ErrorCode; readonly message: string; readonly hint: string };

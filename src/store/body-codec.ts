import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MonitorError } from '../domain/error';

/** JSON as it lies in the store: deflated, and encrypted where there is a key. */
export interface BodyCodec {
  readonly isEncrypted: boolean;
  seal(json: string): Uint8Array;
  open(bytes: Uint8Array): string;
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Fast; the texts are short and alike. */
const LEVEL = 1;

/** Rejects a key of another length than 32 bytes with CONFIG_INVALID. */
export function createBodyCodec(key: Buffer | null): BodyCodec {
  if (key === null) {
    return {
      isEncrypted: false,
      seal: (json) => deflateRawSync(json, { level: LEVEL }),
      open: (bytes) => inflateRawSync(bytes).toString('utf8'),
    };
  }
  if (key.length !== KEY_BYTES) {
    throw new MonitorError('CONFIG_INVALID', `the key of the store has ${key.length} bytes, wanted ${KEY_BYTES}`);
  }
  return {
    isEncrypted: true,
    seal(json) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(deflateRawSync(json, { level: LEVEL })), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
    },
    open(bytes) {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return inflateRawSync(opened).toString('utf8');
    },
  };
}

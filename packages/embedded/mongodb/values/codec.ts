/** BSON in and out, with every number keeping its type. */
export { decodeDoc } from './decode.ts';
export { encodeDoc } from './encode.ts';

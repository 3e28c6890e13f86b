import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';

/**
 * A BSON value in memory. Numbers keep their BSON type:
 *  - a JavaScript number that is an integer within 32 bits (and not -0) is an Int32; any other is a Double;
 *  - `Double` wraps only doubles that would otherwise read as an Int32 (1.0, -0.0);
 *  - `Long` is an Int64, `Decimal128` a Decimal128.
 * `undefined` is never inside a document: as a result it means "missing".
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Date
  | Double
  | Long
  | Decimal128
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | BSONSymbol
  | Code
  | DBRef
  | MinKey
  | MaxKey
  | Value[]
  | Doc;

/**
 * A document. Never changed once it is stored: an update makes a new one that shares what stayed.
 * Fields keep their order, save those whose names are array indexes ("0", "17"): JavaScript moves them
 * to the front, in numerical order, as it does in every driver written in it.
 */
export interface Doc {
  [field: string]: Value;
}

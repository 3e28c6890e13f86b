/** What a keyword of $jsonSchema is compiled from and into. */
import type { Doc, Value } from '../values/types.ts';

/** Whether a value that is there satisfies a schema. */
export type SchemaTest = (value: Value) => boolean;

export interface SchemaContext {
  /** The schema in which the keyword stands, for keywords that look at others. */
  schema: Doc;
  keyword: string;
  compile(schema: Doc): SchemaTest;
}

/** Undefined when the keyword asks for nothing. */
export type KeywordCompiler = (operand: Value, context: SchemaContext) => SchemaTest | undefined;

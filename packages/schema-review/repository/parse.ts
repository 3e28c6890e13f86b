/** GraphQL out of files, refused in one sentence that says where. */
import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import { InputError } from '../input-error.ts';

/** `line` and `column` are where the text begins in its file. */
export function parseGraphql(
  text: string,
  file: string,
  { where, maxTokens }: { where: string; maxTokens: number },
): DocumentNode {
  try {
    return parse(new Source(text, file), { maxTokens });
  } catch (error) {
    // The file's fault, whichever: the parser says where, and runs out of stack on what is nested without end.
    if (error instanceof GraphQLError) {
      const { line, column } = error.locations?.[0] ?? { line: 1, column: 1 };
      throw new InputError(
        `${file}:${line}:${column} in ${where} does not parse: ${error.message.replace(/\.$/, '')}. Correct it there.`,
      );
    }
    throw new InputError(`${file} in ${where} does not parse: it is nested too deeply. Flatten it.`);
  }
}

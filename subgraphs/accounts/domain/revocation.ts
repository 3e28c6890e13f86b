/** What ends access before its tokens do: a session, a key, or whatever a user held until now. */

export type Revocation = ({ sessionId: string } | { userId: string } | { apiKeyId: string }) & {
  /** Tokens made before this instant are no good. */
  at: Date;
};

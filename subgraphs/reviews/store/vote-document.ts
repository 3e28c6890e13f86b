export type Vote = 'HELPFUL' | 'UNHELPFUL';

export interface VoteDocument {
  /** Subject and user, so that nobody has two. */
  _id: string;
  /** Id of a review or an answer. */
  subjectId: string;
  userId: string;
  vote: Vote;
  votedAt: Date;
}

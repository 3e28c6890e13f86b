/** A note that a counter may be wrong. */

/** What is counted: the stars of a product, or the votes on a review or an answer. */
export type CountedKind = 'RATING' | 'REVIEW_VOTES' | 'ANSWER_VOTES';

export interface RecountDocument {
  _id: string;
  kind: CountedKind;
  /** Id of the product, review or answer. */
  subjectId: string;
  dueAt: Date;
}

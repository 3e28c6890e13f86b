/** The codes of this domain's refusals; generated types hold them to `ReviewsErrorCode` in the SDL. */

export type ReviewsErrorCode =
  | 'PRODUCT_NOT_FOUND'
  | 'REVIEW_NOT_FOUND'
  | 'REVIEW_EXISTS'
  | 'NOT_AUTHOR'
  | 'OWN_CONTENT'
  | 'STARS_INVALID'
  | 'TEXT_LENGTH_INVALID'
  | 'MEDIA_HOST_NOT_ALLOWED'
  | 'TOO_MANY_PICTURES'
  | 'ALREADY_REPORTED'
  | 'QUESTION_NOT_FOUND'
  | 'ANSWER_NOT_FOUND'
  | 'ANSWER_LIMIT'
  | 'REASON_REQUIRED'
  | 'RATE_LIMITED'
  | 'VERSION_CONFLICT';

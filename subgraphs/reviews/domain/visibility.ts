/** Who may see which rows. Directives in the SDL say who may ask; these rules say what they are shown. */
import { hasScope, type Viewer } from '@souk/kit/auth/viewer';
import type { AnswerDocument, QuestionDocument } from '../store/question-document.ts';
import type { ReviewDocument } from '../store/review-document.ts';

export const STAFF_SCOPE = 'reviews:moderate';

export function isStaff(viewer: Viewer): boolean {
  return hasScope(viewer, STAFF_SCOPE);
}

export function isAuthor(viewer: Viewer, { authorId }: { authorId: string | null }): boolean {
  return authorId !== null && viewer.userId === authorId;
}

type Post = Pick<ReviewDocument | QuestionDocument | AnswerDocument, 'authorId' | 'state'>;

/** What the public does not see is for its author and for staff. */
export function maySee(viewer: Viewer, post: Post): boolean {
  return post.state === 'PUBLISHED' || isAuthor(viewer, post) || isStaff(viewer);
}

export function maySeeRejection(viewer: Viewer, post: Post): boolean {
  return isAuthor(viewer, post) || isStaff(viewer);
}

/** A user's reviews that the public does not see. */
export function maySeeUnpublishedOf(viewer: Viewer, userId: string): boolean {
  return viewer.userId === userId || isStaff(viewer);
}

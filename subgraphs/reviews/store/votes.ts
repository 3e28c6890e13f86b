import { violatedUnique } from '@souk/kit/errors/store-faults';
import type { Collections } from './collections.ts';
import type { Vote, VoteDocument } from './vote-document.ts';

type Has = Pick<Collections, 'votes'>;

export interface VoteCounts {
  helpful: number;
  unhelpful: number;
}

export function voteKey(subjectId: string, userId: string): string {
  return `${subjectId}:${userId}`;
}

/** Writes a vote over an earlier one and answers that one. */
export async function replaceVote(
  { votes }: Has,
  given: Omit<VoteDocument, '_id'>,
): Promise<Vote | undefined> {
  const { subjectId, userId, vote, votedAt } = given;
  const write = () =>
    votes.findOneAndUpdate(
      { _id: voteKey(subjectId, userId) },
      { $set: { vote, votedAt }, $setOnInsert: { subjectId, userId } },
      { upsert: true, returnDocument: 'before' },
    );
  try {
    return (await write())?.vote;
  } catch (error) {
    // Two votes of one user at once: the other has made the document meanwhile.
    if (violatedUnique(error) === undefined) throw error;
    return (await write())?.vote;
  }
}

export async function removeVote(
  { votes }: Has,
  subjectId: string,
  userId: string,
): Promise<Vote | undefined> {
  return (await votes.findOneAndDelete({ _id: voteKey(subjectId, userId) }))?.vote;
}

export async function insertVotes({ votes }: Has, given: readonly VoteDocument[]): Promise<void> {
  if (given.length > 0) await votes.insertMany([...given], { ordered: false });
}

export async function findVotesOn(
  { votes }: Has,
  userId: string,
  subjectIds: readonly string[],
): Promise<VoteDocument[]> {
  return votes.find({ _id: { $in: subjectIds.map((subjectId) => voteKey(subjectId, userId)) } }).toArray();
}

export async function findVotesOfUser(
  { votes }: Has,
  userId: string,
  limit: number,
): Promise<VoteDocument[]> {
  return votes.find({ userId }).limit(limit).toArray();
}

export async function countVotes({ votes }: Has, subjectId: string): Promise<VoteCounts> {
  const [helpful, unhelpful] = await Promise.all([
    votes.countDocuments({ subjectId, vote: 'HELPFUL' }),
    votes.countDocuments({ subjectId, vote: 'UNHELPFUL' }),
  ]);
  return { helpful, unhelpful };
}

export async function deleteVotesOn({ votes }: Has, subjectIds: readonly string[]): Promise<void> {
  if (subjectIds.length > 0) await votes.deleteMany({ subjectId: { $in: [...subjectIds] } });
}

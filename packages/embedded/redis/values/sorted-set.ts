import { type Indexed, IndexedMap } from './indexed-map.ts';
import { RankedTree } from './ranked-tree.ts';

export interface ScoredMember extends Indexed {
  score: number;
}

/** Equal scores stand in the byte order of their members. */
function compareMembers(a: ScoredMember, b: ScoredMember): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

export class SortedSet {
  readonly type = 'zset';
  readonly members = new IndexedMap<ScoredMember>();
  readonly ranks = new RankedTree<ScoredMember>(compareMembers);

  get size(): number {
    return this.members.size;
  }

  score(member: string): number | undefined {
    return this.members.get(member)?.score;
  }

  set(member: string, given: number): void {
    const score = given + 0; // Redis knows no negative zero
    const known = this.members.get(member);
    if (!known) {
      const added: ScoredMember = { key: member, index: 0, score };
      this.members.add(added);
      this.ranks.insert(added);
    } else if (known.score !== score) {
      this.ranks.delete(known);
      known.score = score;
      this.ranks.insert(known);
    }
  }

  delete(member: string): boolean {
    const known = this.members.get(member);
    if (!known) return false;
    this.ranks.delete(known);
    this.members.delete(member);
    return true;
  }

  rank(member: string): number | undefined {
    const known = this.members.get(member);
    return known && this.ranks.rankOf(known);
  }
}

/** How much somebody posted within one hour. */

export interface QuotaDocument {
  /** User and hour. */
  _id: string;
  userId: string;
  used: number;
  endsAt: Date;
}

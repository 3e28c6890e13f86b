/** That somebody had a product delivered. */

export interface PurchaseDocument {
  /** User and product: what was bought twice was bought. */
  _id: string;
  userId: string;
  productId: string;
  /** The first time. */
  deliveredAt: Date;
}

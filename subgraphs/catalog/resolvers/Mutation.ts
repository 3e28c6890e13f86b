import type { MutationResolvers } from '../generated/resolver-types.ts';
import { attributeSave } from './Mutation/attributeSave.ts';
import { categoryCreate } from './Mutation/categoryCreate.ts';
import { categoryDelete } from './Mutation/categoryDelete.ts';
import { categoryMove } from './Mutation/categoryMove.ts';
import { categoryUpdate } from './Mutation/categoryUpdate.ts';
import { productArchive } from './Mutation/productArchive.ts';
import { productCreate } from './Mutation/productCreate.ts';
import { productImportCancel } from './Mutation/productImportCancel.ts';
import { productImportStart } from './Mutation/productImportStart.ts';
import { productMediaSet } from './Mutation/productMediaSet.ts';
import { productPublish } from './Mutation/productPublish.ts';
import { productScheduleSet } from './Mutation/productScheduleSet.ts';
import { productUnpublish } from './Mutation/productUnpublish.ts';
import { productUpdate } from './Mutation/productUpdate.ts';
import { variantCreate } from './Mutation/variantCreate.ts';
import { variantRetire } from './Mutation/variantRetire.ts';
import { variantUpdate } from './Mutation/variantUpdate.ts';

export const Mutation: MutationResolvers = {
  attributeSave,
  categoryCreate,
  categoryDelete,
  categoryMove,
  categoryUpdate,
  productArchive,
  productCreate,
  productImportCancel,
  productImportStart,
  productMediaSet,
  productPublish,
  productScheduleSet,
  productUnpublish,
  productUpdate,
  variantCreate,
  variantRetire,
  variantUpdate,
};

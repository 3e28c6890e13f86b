import type { MutationResolvers } from '../generated/resolver-types.ts';
import { addressCreate } from './Mutation/addressCreate.ts';
import { addressDelete } from './Mutation/addressDelete.ts';
import { addressUpdate } from './Mutation/addressUpdate.ts';
import { apiKeyCreate } from './Mutation/apiKeyCreate.ts';
import { apiKeyRevoke } from './Mutation/apiKeyRevoke.ts';
import { dataErasureRequest } from './Mutation/dataErasureRequest.ts';
import { dataExportRequest } from './Mutation/dataExportRequest.ts';
import { emailVerificationSend } from './Mutation/emailVerificationSend.ts';
import { emailVerify } from './Mutation/emailVerify.ts';
import { mfaConfirm } from './Mutation/mfaConfirm.ts';
import { mfaDisable } from './Mutation/mfaDisable.ts';
import { mfaEnroll } from './Mutation/mfaEnroll.ts';
import { mfaRecoveryCodesRegenerate } from './Mutation/mfaRecoveryCodesRegenerate.ts';
import { passwordChange } from './Mutation/passwordChange.ts';
import { passwordReset } from './Mutation/passwordReset.ts';
import { passwordResetRequest } from './Mutation/passwordResetRequest.ts';
import { privacyRequestCancel } from './Mutation/privacyRequestCancel.ts';
import { profileUpdate } from './Mutation/profileUpdate.ts';
import { roleDelete } from './Mutation/roleDelete.ts';
import { roleSave } from './Mutation/roleSave.ts';
import { sessionCreate } from './Mutation/sessionCreate.ts';
import { sessionMfaComplete } from './Mutation/sessionMfaComplete.ts';
import { sessionRefresh } from './Mutation/sessionRefresh.ts';
import { sessionRevoke } from './Mutation/sessionRevoke.ts';
import { sessionRevokeAll } from './Mutation/sessionRevokeAll.ts';
import { userReinstate } from './Mutation/userReinstate.ts';
import { userRolesSet } from './Mutation/userRolesSet.ts';
import { userSignUp } from './Mutation/userSignUp.ts';
import { userSuspend } from './Mutation/userSuspend.ts';

export const Mutation: MutationResolvers = {
  addressCreate,
  addressDelete,
  addressUpdate,
  apiKeyCreate,
  apiKeyRevoke,
  dataErasureRequest,
  dataExportRequest,
  emailVerificationSend,
  emailVerify,
  mfaConfirm,
  mfaDisable,
  mfaEnroll,
  mfaRecoveryCodesRegenerate,
  passwordChange,
  passwordReset,
  passwordResetRequest,
  privacyRequestCancel,
  profileUpdate,
  roleDelete,
  roleSave,
  sessionCreate,
  sessionMfaComplete,
  sessionRefresh,
  sessionRevoke,
  sessionRevokeAll,
  userReinstate,
  userRolesSet,
  userSignUp,
  userSuspend,
};

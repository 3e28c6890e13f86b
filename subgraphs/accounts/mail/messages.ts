/** The mails of this room, in plain text: they reach everyone, and a filter finds nothing to distrust. */
import type { Mail } from './mail.ts';

interface Links {
  storefront: string;
}

export function verificationMail(to: string, token: string, { storefront }: Links): Mail {
  return {
    to,
    subject: 'Confirm your e-mail address',
    text: [
      'Please confirm that this address is yours:',
      link(storefront, 'verify-email', token),
      'The link works once, for 24 hours. If you did not ask for it, do nothing.',
    ].join('\n\n'),
  };
}

export function passwordResetMail(to: string, token: string, { storefront }: Links): Mail {
  return {
    to,
    subject: 'Set a new password',
    text: [
      'Somebody, probably you, asked for a new password. Set it here:',
      link(storefront, 'reset-password', token),
      'The link works once, for 30 minutes. If it was not you, do nothing: your password stays as it is.',
    ].join('\n\n'),
  };
}

export function securityNotice(to: string, what: string, { storefront }: Links): Mail {
  return {
    to,
    subject: 'A change to your account',
    text: [what, `If it was not you, set a new password at once: ${storefront}/reset-password`].join('\n\n'),
  };
}

function link(storefront: string, page: string, token: string): string {
  return `${storefront}/${page}?token=${encodeURIComponent(token)}`;
}

export function erasureNotice(to: string): Mail {
  return {
    to,
    subject: 'Your account has been erased',
    text: 'As you asked, your account and your personal data have been erased. This is the last mail about it.',
  };
}

/** Without an SMTP server mails become files that an operator, or a developer, can open: `2026-03-01T…-ada@….eml`. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Mail, Mailer } from './mail.ts';

export async function openOutboxFolder(folder: string, from: string): Promise<Mailer> {
  await mkdir(folder, { recursive: true });
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  let number = 0;
  return {
    send: async (mail: Mail) => {
      const { message } = await composer.sendMail({ from, ...mail });
      number += 1;
      const time = new Date().toISOString().replaceAll(':', '-');
      const name = `${time}-${number}-${mail.to.replace(/[^\p{L}\p{N}@.+-]/gu, '_')}.eml`;
      // Whoever watches the folder sees whole mails only. They hold links that sign in: for the owner's eyes.
      await writeFile(join(folder, `.${name}`), message as Buffer, { mode: 0o600 });
      await rename(join(folder, `.${name}`), join(folder, name));
    },
    close: async () => {},
  };
}

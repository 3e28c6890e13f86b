import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { erasureNotice, passwordResetMail, securityNotice, verificationMail } from '../mail/messages.ts';
import { openOutboxFolder } from '../mail/outbox-folder.ts';
import { openSmtp } from '../mail/smtp.ts';

const folder = mkdtempSync(join(tmpdir(), 'souk-mail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const links = { storefront: 'https://store.test' };

test('mails say why they come, for how long a link works, and what to do when they are not for you', () => {
  const verification = verificationMail('ada@example.com', 'souk_mail_a-_b', links);
  expect(verification.text).toContain('https://store.test/verify-email?token=souk_mail_a-_b');
  expect(verification.text).toMatch(/24 hours[\s\S]*do nothing/);
  const reset = passwordResetMail('ada@example.com', 'souk_mail_x', links);
  expect(reset.text).toContain('https://store.test/reset-password?token=souk_mail_x');
  expect(reset.text).toMatch(/30 minutes[\s\S]*do nothing/);
  expect(securityNotice('a@b.co', 'Something changed.', links).text).toContain('If it was not you');
  expect(erasureNotice('a@b.co').text).toContain('last mail');
});

test('without a mail server mails are whole files that their owner can open', async () => {
  const place = join(folder, 'outbox');
  const mailer = await openOutboxFolder(place, 'Souk <no-reply@souk.localhost>');
  await mailer.send({
    to: 'jörg/../x@example.com',
    subject: 'Grüße',
    text: 'Line one\n\nhttps://store.test/?token=abc',
  });
  await mailer.send({ to: 'b@example.com', subject: 'Two', text: 'two' });
  const files = readdirSync(place).sort();
  expect(files).toHaveLength(2);
  expect(files[0]).toMatch(/^\d{4}-.*-1-jörg_\.\._x@example\.com\.eml$/);
  const text = readFileSync(join(place, files[0]!), 'utf8');
  expect(text).toContain('From: Souk <no-reply@souk.localhost>');
  expect(text).toMatch(/Subject: =\?UTF-8\?/);
  expect(text).toContain(
    'https://store.test/?token=3Dabc'.replace('=3D', text.includes('quoted-printable') ? '=3D' : '='),
  );
  expect(statSync(join(place, files[0]!)).mode & 0o077).toBe(0);
  await mailer.close();
});

let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server?.close();
});

/** As much of SMTP as takes one mail; answers to RCPT with `reply`. */
async function listen(reply: string): Promise<{ url: string; received: string[] }> {
  const received: string[] = [];
  server = createServer((socket) => {
    sockets.add(socket);
    socket.write('220 test\r\n');
    let inData = false;
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        received.push(line);
        if (inData) {
          if (line !== '.') continue;
          inData = false;
          socket.write('250 taken\r\n');
        } else if (/^DATA/i.test(line)) {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (/^RCPT/i.test(line)) socket.write(`${reply}\r\n`);
        else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 test\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

test('with a mail server mails go there', async () => {
  const { url, received } = await listen('250 ok');
  const mailer = openSmtp(`${url}/?ignoreTLS=true`, 'Souk <shop@example.com>');
  await mailer.send({ to: 'ada@example.com', subject: 'Hello', text: 'Body of the mail' });
  expect(received).toEqual(
    expect.arrayContaining(['MAIL FROM:<shop@example.com>', 'RCPT TO:<ada@example.com>', 'Body of the mail']),
  );
  await mailer.close();
});

test('a mail that the server refuses is an error, so that it is tried again', async () => {
  const { url } = await listen('450 later');
  const mailer = openSmtp(`${url}/?ignoreTLS=true`, 'shop@example.com');
  await expect(mailer.send({ to: 'ada@example.com', subject: 'Hello', text: 'x' })).rejects.toThrow('450');
  await mailer.close();
});

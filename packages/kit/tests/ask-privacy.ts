/** Asks a running room about a person, as the domain that keeps the requests does. */

import { silentLog } from '../observe/log.ts';
import { openRedis } from '../redis/redis.ts';
import {
  type PrivacyAnswer,
  type PrivacyCommand,
  receivePrivacyAnswers,
  sendPrivacyCommand,
} from '../room/privacy.ts';
import { newId } from '../values/ids.ts';

export async function askPrivacy(
  url: string,
  domain: string,
  kind: PrivacyCommand['kind'],
): Promise<PrivacyAnswer> {
  const { redis, close } = await openRedis({ url, service: 'tests', warn: () => {} });
  const [requestId, askedBy] = [newId('prv'), newId('tst')];
  let take: (answer: PrivacyAnswer) => void = () => {};
  const answered = new Promise<PrivacyAnswer>((resolve) => {
    take = resolve;
  });
  const reader = receivePrivacyAnswers(
    redis,
    askedBy,
    async (answer) => {
      if (answer.requestId === requestId) take(answer);
    },
    silentLog,
  );
  try {
    await sendPrivacyCommand(redis, { requestId, kind, userId: newId('usr'), domain, askedBy });
    return await answered;
  } finally {
    await reader.stop();
    await close();
  }
}

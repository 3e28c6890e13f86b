/** The one list of rooms. A test holds folders, SDL files, supergraph.yaml, docker-compose.yml and Dockerfile to it. */
import { accounts } from '@souk/accounts';
import { catalog } from '@souk/catalog';
import type { Room } from '@souk/kit/room/room';
import { reviews } from '@souk/reviews';

export const rooms: readonly Room[] = [accounts, catalog, reviews];

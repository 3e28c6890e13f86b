/** What the router of these suites signs with, and its subgraphs verify with. */
import { randomViewerKey } from '@souk/kit/auth/viewer';

export const VIEWER_KEY = randomViewerKey();

#!/usr/bin/env node
/** There before anything is built, so that npm can link it; `npm run build` makes what it starts. */
import './dist/main.js';

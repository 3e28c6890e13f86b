/** GraphiQL over the address that the page itself was read from. */
import './workers.js';
import 'graphiql/style.css';
import './page.css';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { PLAN_PLUGIN } from './plan.jsx';
import { createPlanFetcher } from './plan-fetcher.js';

const WELCOME = `# Ask the supergraph. The book on the left describes every type and field.
# Sign in by an "authorization" header below: {"authorization": "Bearer …"}

query Hello {
  __typename
}
`;

const fetcher = createPlanFetcher(window.location.pathname);
const plugins = [HISTORY_PLUGIN, PLAN_PLUGIN];

createRoot(document.getElementById('explorer')).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    defaultQuery={WELCOME}
    defaultEditorToolsVisibility="headers"
  />,
);

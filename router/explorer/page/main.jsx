/** GraphiQL over the address that the page itself was read from. */
import './workers.js';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

const WELCOME = `# Ask the supergraph. The book on the left describes every type and field.
# Sign in by an "authorization" header below: {"authorization": "Bearer …"}

query Hello {
  __typename
}
`;

const fetcher = createGraphiQLFetcher({ url: window.location.pathname });

createRoot(document.getElementById('explorer')).render(
  <GraphiQL fetcher={fetcher} defaultQuery={WELCOME} defaultEditorToolsVisibility="headers" />,
);

"use strict";

const welcome = `# Ask the thread. Ctrl-Space completes, Ctrl-Enter runs; the book on the left explains every field.
query Welcome {
  requirements(first: 5) {
    totalCount
    nodes {
      checkedUtcs
      name
      satisfiedBy(first: 5) {
        nodes {
          kind
          name
        }
      }
    }
  }
}
`;

const socket = `${location.origin.replace(/^http/, "ws")}/graphql`;
const fetcher = GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl: socket });

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: welcome, shouldPersistHeaders: false }),
);

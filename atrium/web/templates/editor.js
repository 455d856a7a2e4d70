// GraphiQL with the server's tabs: always fresh, since the ids in them are those of what the viewer may see now.
"use strict";

const { tabs, chosen } = JSON.parse(document.getElementById("tabs").textContent);
const explorer = GraphiQLPluginExplorer.explorerPlugin();

/** What GraphiQL keeps: its tabs and their texts for as long as the page is open, all else for the next time. */
function storage() {
  const opened = Math.max(0, tabs.findIndex((tab) => tab.key === chosen));
  const ready = tabs.map((tab) => ({
    id: tab.key,
    title: operationName(tab.query), // as GraphiQL itself calls a tab once it is edited
    query: tab.query,
    variables: Object.keys(tab.variables).length ? JSON.stringify(tab.variables, null, 2) : null,
    headers: null,
    operationName: null,
    response: null,
  }));
  const here = new Map([["graphiql:tabState", JSON.stringify({ tabs: ready, activeTabIndex: opened })]]);
  if (ready[opened].query) here.set("graphiql:query", ready[opened].query);
  if (ready[opened].variables) here.set("graphiql:variables", ready[opened].variables);
  const passing = new Set(["graphiql:tabState", "graphiql:query", "graphiql:variables", "graphiql:headers", "graphiql:operationName"]);
  return {
    getItem: (key) => (passing.has(key) ? (here.get(key) ?? null) : localStorage.getItem(key)),
    setItem: (key, value) => (passing.has(key) ? here.set(key, value) : localStorage.setItem(key, value)),
    removeItem: (key) => (passing.has(key) ? here.delete(key) : localStorage.removeItem(key)),
    clear: () => localStorage.clear(),
    get length() {
      return localStorage.length;
    },
  };
}

function operationName(query) {
  return /^(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1] ?? "Untitled";
}

/** GraphiQL's fetcher, with a word for people where a stream breaks off: what to do, and the cursor to do it with. */
function fetcher() {
  const ask = GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl: atrium.socket });
  return async (...asked) => {
    const answer = await ask(...asked);
    return answer[Symbol.asyncIterator] ? followed(answer[Symbol.asyncIterator]()) : answer;
  };
}

function followed(events) {
  let cursor = null;
  let lost = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (lost) return { value: undefined, done: true };
      try {
        const step = await events.next();
        for (const event of Object.values(step.value?.data ?? {})) cursor = event?.cursor ?? cursor;
        return step;
      } catch (error) {
        lost = true;
        const errors = Array.isArray(error) ? error : [{ message: farewell(error, cursor) }]; // a refusal says itself why
        return { value: { errors }, done: false };
      }
    },
    return: () => events.return(), // at once, where a generator's own would wait for the next event
  };
}

function farewell(error, cursor) {
  const why = error instanceof Error ? ` ${error.message}.` : "";
  const how = cursor ? ` With "after": "${cursor}" it goes on where it broke off.` : "";
  return `The connection was lost.${why} Run it again once the server is back.${how}`;
}

ReactDOM.createRoot(document.getElementById("editor")).render(
  React.createElement(GraphiQL, {
    // The browser adds the session cookie to both, as they are of this origin.
    fetcher: fetcher(),
    storage: storage(),
    plugins: [explorer],
    shouldPersistHeaders: false,
    defaultEditorToolsVisibility: "variables",
  }),
);

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

/** GraphiQL's fetcher over our own streams, which go on behind the last event where a connection breaks. */
function fetcher() {
  return GraphiQL.createFetcher({ url: "/graphql", wsClient: { subscribe } });
}

function subscribe({ query, variables, operationName }, sink) {
  return atrium.stream(query, variables ?? {}, {
    operationName,
    next: (answer) => sink.next(answer),
    ended(why, isLost) {
      if (isLost) sink.next({ errors: [{ message: why }] });
      sink.complete();
    },
  });
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
showOpened();

/** The bar has more tabs than it has room for: bring the opened one into sight as soon as it is there. */
function showOpened() {
  const editor = document.getElementById("editor");
  const watching = new MutationObserver(show);
  watching.observe(editor, { childList: true, subtree: true });
  show();

  function show() {
    const opened = editor.querySelector(".graphiql-tab-active");
    if (!opened) return;
    watching.disconnect();
    opened.scrollIntoView({ block: "nearest", inline: "center" });
  }
}

// The plain page in GraphiQL's place: an operation, its variables, its answer or its stream of answers.
"use strict";

const { tabs, chosen } = JSON.parse(document.getElementById("tabs").textContent);
const $$ = (id) => document.getElementById(id);
const SHOWN_MAX = 50; // answers of one stream
let stop = () => {};

function open(tab) {
  stop();
  $$("query").value = tab.query;
  $$("variables").value = JSON.stringify(tab.variables, null, 2);
  $$("answer").textContent = "";
  $$("status").textContent = "";
  for (const button of $$("operations").children) {
    button.setAttribute("aria-pressed", String(button.dataset.key === tab.key));
  }
}

async function run() {
  stop();
  let variables;
  try {
    variables = JSON.parse($$("variables").value || "{}");
  } catch (error) {
    $$("answer").textContent = `The variables are not valid JSON: ${error.message}`;
    return;
  }
  const query = $$("query").value;
  $$("answer").textContent = "";
  if (isSubscription(query)) follow(query, variables);
  else await ask(query, variables);
}

async function ask(query, variables) {
  const started = performance.now();
  $$("status").textContent = "Asking …";
  try {
    show(await atrium.ask(query, variables));
    $$("status").textContent = `${Math.round(performance.now() - started)} ms`;
  } catch (error) {
    $$("answer").textContent = `The server did not answer: ${error.message}`;
    $$("status").textContent = "";
  }
}

/** The newest answer first. */
function follow(query, variables) {
  const answers = [];
  $$("stop").hidden = false;
  $$("status").textContent = "Listening …";
  stop = atrium.stream(query, variables, {
    next: (answer) => {
      answers.unshift(answer);
      answers.length = Math.min(answers.length, SHOWN_MAX);
      show(...answers);
    },
    ended: (why) => {
      $$("stop").hidden = true;
      $$("status").textContent = why;
      stop = () => {};
    },
  });
}

function show(...answers) {
  $$("answer").textContent = answers.map((answer) => JSON.stringify(answer, null, 2)).join("\n\n");
}

function isSubscription(query) {
  return /^\s*subscription\b/.test(query.replace(/#.*/g, ""));
}

for (const tab of tabs) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = tab.title;
  button.title = tab.about;
  button.dataset.key = tab.key;
  button.addEventListener("click", () => open(tab));
  $$("operations").append(button);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
$$("run").addEventListener("click", run);
$$("stop").addEventListener("click", () => stop());
open(tabs.find((tab) => tab.key === chosen) ?? tabs[0]);

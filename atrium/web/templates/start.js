// The start page: whether the server is ready, who is signed in, and signing in by a click.
"use strict";

const WHO = "query { viewer { person { name email } } }";
const LEAVE = "mutation { signOut { errors { message } } }";

const $$ = (id) => document.getElementById(id);
const cards = [...document.querySelectorAll(".card")];

function tell(message) {
  $$("error").textContent = message;
  $$("error").hidden = !message;
}

/** Do something with the cards out of reach, tell what went wrong, and show who is signed in after it. */
async function acting(work) {
  tell("");
  cards.forEach((card) => (card.disabled = true));
  try {
    await work();
  } catch {
    tell("The server did not answer. Is it still running?");
  } finally {
    cards.forEach((card) => (card.disabled = false));
  }
  await showViewer();
}

async function signIn(who) {
  const response = await fetch(`/auth/demo/${who}`, { method: "POST" });
  const { errors } = await response.json();
  if (errors) tell(errors[0].message);
}

async function signOut() {
  const { errors } = await atrium.ask(LEAVE);
  if (errors) tell(errors[0].message);
}

async function showViewer() {
  const { data } = await atrium.ask(WHO).catch(() => ({}));
  const person = data?.viewer?.person;
  $$("viewer").textContent = person ? `Signed in as ${person.name}` : "";
  $$("leave").hidden = !data?.viewer;
  cards.forEach((card) => card.setAttribute("aria-pressed", String(card.dataset.email === person?.email)));
}

async function showReady() {
  const status = await fetch("/readyz").then((response) => response.json(), () => null);
  const wrong = status ? `Database ${status.database}` : "Not reachable";
  $$("ready").textContent = status?.ready ? "Ready" : wrong;
  $$("ready").className = `state ${status?.ready ? "good" : "bad"}`;
}

cards.forEach((card) => card.addEventListener("click", () => acting(() => signIn(card.dataset.who))));
$$("leave").addEventListener("click", () => acting(signOut));
showReady();
showViewer();
setInterval(showReady, 10_000);

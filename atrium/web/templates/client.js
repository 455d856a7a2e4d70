// Asking Atrium: operations by POST, streams over graphql-transport-ws. The session cookie says who asks.
"use strict";

const atrium = {
  /** The answer to an operation: `{data, errors}`. */
  async ask(query, variables = {}) {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  },

  /** The address of the streams. */
  get socket() {
    return location.origin.replace(/^http/, "ws") + "/graphql";
  },

  /**
   * Run an operation over a socket of its own: `next` gets each answer, `ended` a word for people once it is over, and
   * whether it was lost. Gives back a function that stops it.
   *
   * A connection that breaks is made again, for a minute, where the operation takes a cursor as `$after` and an event
   * has told one: the stream goes on behind that event, so that nothing is missing. `next` is told meanwhile.
   */
  stream(query, variables, { next, ended, operationName }) {
    const resumes = /\$after\b/.test(query);
    let cursor = variables?.after ?? null;
    let tries = 0;
    let over = false;
    let socket = null;
    let waiting = null;

    function end(why, isLost = false) {
      if (over) return;
      over = true;
      clearTimeout(waiting);
      socket.close(1000);
      ended(why, isLost);
    }

    function lose(event) {
      if (over) return;
      const why = `The connection was lost${event.reason ? `: ${event.reason}` : ""} (${event.code}).`;
      const pause = PAUSES[tries++];
      if (!resumes || !cursor || pause === undefined || FINAL.has(event.code)) return end(farewell(why), true);
      if (tries === 1) next({ errors: [{ message: `${why} It goes on where it broke off once the server is back.` }] });
      waiting = setTimeout(connect, pause);
    }

    function farewell(why) {
      return `${why} Run it again once the server is back.${resumes && cursor ? ` With "after": "${cursor}" it goes on where it broke off.` : ""}`;
    }

    function connect() {
      const current = (socket = new WebSocket(atrium.socket, "graphql-transport-ws"));
      const send = (message) => current.send(JSON.stringify(message));
      const asked = cursor ? { ...variables, after: cursor } : variables;
      const taken = {
        connection_ack: () => send({ id: "1", type: "subscribe", payload: { query, variables: asked, operationName } }),
        ping: () => send({ type: "pong" }),
        next(message) {
          tries = 0;
          for (const event of Object.values(message.payload.data ?? {})) cursor = event?.cursor ?? cursor;
          next(message.payload);
        },
        error(message) {
          next({ errors: message.payload });
          end("Refused.");
        },
        complete: () => end("The stream has ended."),
      };
      current.onopen = () => send({ type: "connection_init" });
      current.onmessage = (event) => {
        const message = JSON.parse(event.data);
        taken[message.type]?.(message);
      };
      current.onclose = lose;
    }

    connect();
    return () => end("Stopped.");
  },
};

/** Milliseconds before each further try: a minute in all. */
const PAUSES = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000, 8000];

/** Codes with which a server says that asking again is of no use. */
const FINAL = new Set([4400, 4401, 4403, 4406, 4409]);

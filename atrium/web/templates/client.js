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
   * Run an operation over a socket of its own: `next` gets each answer, `ended` a word for people once it is over.
   * Gives back a function that stops it.
   */
  stream(query, variables, { next, ended }) {
    const socket = new WebSocket(atrium.socket, "graphql-transport-ws");
    const send = (message) => socket.send(JSON.stringify(message));
    let over = false;
    const end = (why) => {
      if (over) return;
      over = true;
      socket.close(1000);
      ended(why);
    };
    const taken = {
      connection_ack: () => send({ id: "1", type: "subscribe", payload: { query, variables } }),
      ping: () => send({ type: "pong" }),
      next: (message) => next(message.payload),
      error: (message) => {
        next({ errors: message.payload });
        end("Refused.");
      },
      complete: () => end("The stream has ended."),
    };
    socket.onopen = () => send({ type: "connection_init" });
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      taken[message.type]?.(message);
    };
    socket.onclose = (event) => end(`The connection was closed: ${event.code} ${event.reason}`);
    return () => end("Stopped.");
  },
};

// What the programs beside this one share: each is run as node PROGRAM SCENARIO, with GATEWAY_URL, GATEWAY_KEY and
// GATEWAY_MODEL in the environment. It says what its package saw, or ends with an error.
import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";

export const { GATEWAY_URL: url, GATEWAY_KEY: key, GATEWAY_MODEL: model } = process.env;
export const words = "hi there";

/// A tool for the model: what it takes, and what it does.
export const weather = {
  description: "The weather of a city",
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
  in: ({ city }) => `rain in ${city}`,
};

let requests = 0;
diagnostics.subscribe("undici:request:create", ({ request }) => {
  assert.equal(request.origin, new URL(url).origin);
  ++requests;
});

/// Awaits a failure, and returns it.
export const failure = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("it did not fail");
};

/// All of a stream's pieces; `seen` has those before a failure.
export const pieces = async (stream, seen = []) => {
  for await (const piece of stream) if (piece) seen.push(piece);
  return seen;
};

/// What every package does. `client` says how this one does it:
/// chat({ key, model }) -> { text, finish, tokens }; stream() -> an iterable of texts; tool(), streamed_tool() ->
/// { call, text }; leave() reads one piece of a stream and aborts it; embed(texts) -> vectors; describe(error) -> text.
export const usual = (client) => {
  const refusal = async (change) => {
    const error = await failure(client.chat(change));
    return `${client.describe(error)}, asked ${requests}x`;
  };
  return {
    async chat() {
      const { text, finish, tokens } = await client.chat({});
      return `${text}, ${finish}, ${tokens} tokens`;
    },
    stream: async () => (await pieces(await client.stream())).join("|"),
    tool: async () => Object.values(await client.tool()).join(", "),
    streamed_tool: async () => Object.values(await client.streamed_tool()).join(", "),
    wrong_key: () => refusal({ key: "gw_wrong" }),
    unknown_model: () => refusal({ model: "none" }),
    async cut_stream() {
      const seen = [];
      const error = await failure((async () => pieces(await client.stream(), seen))());
      return `${seen.join("|")}, then ${client.describe(error)}, asked ${requests}x`;
    },
    async leave() {
      const piece = await client.leave();
      return `${piece}, then ${(await client.chat({})).text}`;
    },
    embeddings: async () => JSON.stringify(await client.embed(["one", "two"])),
  };
};

/// Runs the scenario that was asked for.
export const play = async (scenarios) => {
  console.log(`saw: ${await scenarios[process.argv[2]]()}`);
};

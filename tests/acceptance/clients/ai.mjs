// What a user of the `ai` package does, whichever provider it has.
import assert from "node:assert/strict";
import { APICallError, embedMany, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { failure, key, model, pieces, play, usual, weather, words } from "./scenario.mjs";

const tools = {
  weather: tool({
    description: weather.description,
    inputSchema: jsonSchema(weather.parameters),
    execute: weather.in,
  }),
};

const tool_result = async (steps) => (await steps)[0].toolResults[0].output;

const describe = (error) => {
  assert.ok(APICallError.isInstance(error), String(error));
  const why = error.responseBody ? JSON.parse(error.responseBody).error.code : error.cause.message;
  return `${error.name} ${error.statusCode} ${why}`;
};

/// `models` makes, with a key, { chat(name), embedding(name) }.
export const play_with = (models) => {
  const question = { model: models(key).chat(model), prompt: words };
  const with_tools = { ...question, tools, stopWhen: stepCountIs(2) };

  const scenarios = usual({
    async chat(change) {
      const asked = models(change.key ?? key).chat(change.model ?? model);
      const { text, finishReason, usage } = await generateText({ ...question, model: asked });
      return { text, finish: finishReason, tokens: usage.totalTokens };
    },

    stream: () => streamText(question).textStream,

    async tool() {
      const { steps, text } = await generateText(with_tools);
      return { call: await tool_result(steps), text };
    },

    async streamed_tool() {
      const { steps, textStream } = streamText(with_tools);
      const text = (await pieces(textStream)).join("");
      return { call: await tool_result(steps), text };
    },

    async leave() {
      const leaving = new AbortController();
      const seen = [];
      for await (const part of streamText({ ...question, abortSignal: leaving.signal }).fullStream) {
        seen.push(part);
        if (part.type === "text-delta") leaving.abort();
      }
      assert.equal(seen.at(-1).type, "abort");
      return seen.find((part) => part.type === "text-delta").text;
    },

    embed: async (values) => (await embedMany({ model: models(key).embedding(model), values })).embeddings,

    describe,
  });

  return play({
    ...scenarios,

    /// The same stream for those who look at its parts, and at what is left of it.
    async parts_of_cut_stream() {
      const told = [];
      const stream = streamText({ ...question, onError: ({ error }) => told.push(error.code ?? error.message) });
      const seen = [];
      const thrown = await failure((async () => {
        for await (const part of stream.fullStream) seen.push(part.type);
      })());
      const rejected = await failure(stream.text);
      return `${seen.slice(-3).join("|")}, told ${told}, then ${describe(thrown)}; text: ${rejected.name}`;
    },
  });
};

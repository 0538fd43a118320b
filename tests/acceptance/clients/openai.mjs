// What a user of the `openai` package does.
import assert from "node:assert/strict";
import OpenAI from "openai";
import { failure, key, model, pieces, play, url, usual, weather, words } from "./scenario.mjs";

const client = new OpenAI({ baseURL: url, apiKey: key });
const completions = client.chat.completions;
const question = { model, messages: [{ role: "user", content: words }] };
const tools = [
  { type: "function", function: { name: "weather", description: weather.description, parameters: weather.parameters } },
];

async function* texts(stream) {
  for await (const chunk of stream) {
    assert.equal(chunk.object, "chat.completion.chunk");
    yield chunk.choices[0].delta.content;
  }
}

/// Does what the model asks for, and tells it.
const answer_to = async (message) => {
  const [call] = message.tool_calls;
  const result = weather.in(JSON.parse(call.function.arguments));
  const told = [...question.messages, message, { role: "tool", tool_call_id: call.id, content: result }];
  const { choices } = await completions.create({ model, messages: told, tools });
  return { call: result, text: choices[0].message.content };
};

const embed = async (options) => {
  const { data } = await client.embeddings.create({ model, input: ["one", "two"], ...options });
  return data.map((each) => each.embedding);
};

const scenarios = usual({
  async chat(change) {
    const asked = { ...question, model: change.model ?? model };
    const { data, response } = await client
      .withOptions({ apiKey: change.key ?? key })
      .chat.completions.create(asked)
      .withResponse();
    assert.equal(data.object, "chat.completion");
    assert.equal(data._request_id, response.headers.get("x-request-id"));
    const [choice] = data.choices;
    return { text: choice.message.content, finish: choice.finish_reason, tokens: data.usage.total_tokens };
  },

  stream: async () => texts(await completions.create({ ...question, stream: true })),

  tool: async () => answer_to((await completions.create({ ...question, tools })).choices[0].message),

  streamed_tool: async () => answer_to(await completions.stream({ ...question, tools }).finalMessage()),

  async leave() {
    const stream = await completions.create({ ...question, stream: true });
    const seen = [];
    // The package takes its own abort for an end.
    for await (const text of texts(stream)) {
      if (seen.push(text) === 1) stream.controller.abort();
    }
    return seen[0];
  },

  embed: () => embed({}),

  describe(error) {
    if (error instanceof OpenAI.APIError && error.status) assert.ok(error.requestID);
    return [error.constructor.name, error.status, error.code].filter(Boolean).join(" ");
  },
});

await play({
  ...scenarios,

  embeddings_as_floats: async () => JSON.stringify(await embed({ encoding_format: "float" })),

  async stream_usage() {
    const options = { stream: true, stream_options: { include_usage: true } };
    const chunks = await pieces(await completions.create({ ...question, ...options }));
    return `${chunks.at(-1).usage.total_tokens} tokens`;
  },

  async models() {
    const names = (await pieces(client.models.list())).map((each) => each.id);
    const one = await client.models.retrieve("echo");
    return `${names.join(", ")}, ${one.object} ${one.id}`;
  },

  async over_quota() {
    const error = await failure(completions.create(question));
    assert.ok(error instanceof OpenAI.RateLimitError, String(error));
    return `${error.status} ${error.code}, x-should-retry: ${error.headers.get("x-should-retry")}`;
  },

  async bad_request() {
    const error = await failure(completions.create({ ...question, messages: "hi" }));
    assert.ok(error instanceof OpenAI.BadRequestError, String(error));
    return `${error.status} ${error.type} ${error.param}`;
  },
});

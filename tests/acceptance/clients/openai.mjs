// What a user of the `openai` package does, one scenario a run: node openai.mjs SCENARIO, with GATEWAY_URL and
// GATEWAY_KEY in the environment. Ends with an error when the package saw anything else than it should.
import assert from "node:assert/strict";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.GATEWAY_URL, apiKey: process.env.GATEWAY_KEY });
const question = { model: process.env.GATEWAY_MODEL ?? "echo", messages: [{ role: "user", content: "hi there" }] };

/// Awaits a failure, and returns it.
const failure = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("it did not fail");
};

const scenarios = {
  async chat() {
    const { data, response } = await client.chat.completions.create(question).withResponse();
    assert.equal(data.object, "chat.completion");
    assert.equal(data.choices[0].message.content, "hi there");
    assert.equal(data.choices[0].finish_reason, "stop");
    assert.ok(data.usage.total_tokens > 0);
    assert.equal(data._request_id, response.headers.get("x-request-id"));
  },

  async stream() {
    const stream = await client.chat.completions.create({ ...question, stream: true });
    let text = "";
    let reason = null;
    for await (const chunk of stream) {
      assert.equal(chunk.object, "chat.completion.chunk");
      text += chunk.choices[0].delta.content ?? "";
      reason = chunk.choices[0].finish_reason ?? reason;
    }
    assert.equal(text, "hi there");
    assert.equal(reason, "stop");
  },

  async stream_usage() {
    const options = { stream: true, stream_options: { include_usage: true } };
    let usage = null;
    for await (const chunk of await client.chat.completions.create({ ...question, ...options })) usage = chunk.usage ?? usage;
    assert.ok(usage.total_tokens > 0);
  },

  async models() {
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    assert.ok(names.includes("echo"));
    assert.equal((await client.models.retrieve("echo")).object, "model");
  },

  async wrong_key() {
    const error = await failure(client.withOptions({ apiKey: "gw_wrong" }).chat.completions.create(question));
    assert.ok(error instanceof OpenAI.AuthenticationError, String(error));
    assert.equal(error.status, 401);
    assert.equal(error.code, "PLATFORM_AUTH_INVALID_API_KEY");
    assert.equal(error.type, "platform");
    assert.ok(error.requestID);
  },

  async over_quota() {
    const error = await failure(client.chat.completions.create(question));
    assert.ok(error instanceof OpenAI.RateLimitError, String(error));
    assert.equal(error.status, 429);
    assert.equal(error.code, "PLATFORM_QUOTA_EXCEEDED");
    assert.equal(error.headers.get("x-should-retry"), "false");
  },

  async bad_request() {
    const error = await failure(client.chat.completions.create({ ...question, messages: "hi" }));
    assert.ok(error instanceof OpenAI.BadRequestError, String(error));
    assert.equal(error.param, "messages");
  },

  async unknown_model() {
    const error = await failure(client.chat.completions.create({ ...question, model: "none" }));
    assert.ok(error instanceof OpenAI.NotFoundError, String(error));
  },

  async broken_stream() {
    const read = async () => {
      for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) void chunk;
    };
    const error = await failure(read());
    assert.equal(error.code, "UPSTREAM_UNAVAILABLE");
  },
};

await scenarios[process.argv[2]]();
console.log("as it should be");

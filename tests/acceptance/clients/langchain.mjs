// What a user of LangChain does: `@langchain/openai` with `@langchain/core`.
import assert from "node:assert/strict";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { failure, key, model, play, url, usual, weather, words } from "./scenario.mjs";

const configuration = { baseURL: url };
const chat_model = (change = {}) => new ChatOpenAI({ model, apiKey: key, configuration, ...change });
const with_tools = () => chat_model().bindTools([{
  type: "function",
  function: { name: "weather", description: weather.description, parameters: weather.parameters },
}]);

async function* texts(stream) {
  for await (const chunk of stream) yield chunk.content;
}

/// Does what the model asks for, and tells it.
const answer_to = async (message) => {
  const [call] = message.tool_calls;
  const result = weather.in(call.args);
  const told = [new HumanMessage(words), message, new ToolMessage({ tool_call_id: call.id, content: result })];
  return { call: result, text: (await with_tools().invoke(told)).content };
};

await play(usual({
  async chat(change) {
    const { key: apiKey = key, model: name = model } = change;
    const answer = await chat_model({ apiKey, model: name }).invoke(words);
    return {
      text: answer.content,
      finish: answer.response_metadata.finish_reason,
      tokens: answer.usage_metadata.total_tokens,
    };
  },

  stream: async () => texts(await chat_model().stream(words)),

  tool: async () => answer_to(await with_tools().invoke(words)),

  async streamed_tool() {
    let whole;
    for await (const chunk of await with_tools().stream(words)) whole = whole?.concat(chunk) ?? chunk;
    return answer_to(whole);
  },

  async leave() {
    const leaving = new AbortController();
    const seen = [];
    const error = await failure((async () => {
      for await (const text of texts(await chat_model().stream(words, { signal: leaving.signal }))) {
        if (text && seen.push(text) === 1) leaving.abort();
      }
    })());
    assert.equal(error.name, "AbortError");
    return seen[0];
  },

  embed: (values) => new OpenAIEmbeddings({ model, apiKey: key, configuration }).embedDocuments(values),

  describe: (error) =>
    [error.constructor.name, error.lc_error_code, error.status, error.code].filter(Boolean).join(" "),
}));

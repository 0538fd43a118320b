// The `ai` package with the provider for whatever speaks OpenAI's API.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { play_with } from "./ai.mjs";
import { url } from "./scenario.mjs";

await play_with((apiKey) => {
  const provider = createOpenAICompatible({ name: "gateway", baseURL: url, apiKey });
  return { chat: provider.chatModel, embedding: provider.embeddingModel };
});

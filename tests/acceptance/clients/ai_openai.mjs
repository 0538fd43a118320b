// The `ai` package with OpenAI's provider, whose chat model speaks chat completions.
import { createOpenAI } from "@ai-sdk/openai";
import { play_with } from "./ai.mjs";
import { url } from "./scenario.mjs";

await play_with((apiKey) => createOpenAI({ baseURL: url, apiKey }));

#include "http/endpoints/model_calls.hpp"

#include "http/journey/journey.hpp"

namespace gateway {

task<void> chat_completions(exchange& talk) { return journey(talk, chat_completions_surface); }

task<void> completions(exchange& talk) { return journey(talk, completions_surface); }

task<void> embeddings(exchange& talk) { return journey(talk, embeddings_surface); }

task<void> plain_chat(exchange& talk) { return journey(talk, plain_chat_surface); }

} // namespace gateway

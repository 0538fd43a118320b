#include "config/route_checks.hpp"

#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using gateway::testing::complaints_of;
using gateway::testing::lines;

namespace {

constexpr auto to_echo = R"("targets": [ { "upstream": "echo" } ])";

lines of_models(const std::string& models, const std::string& rest = "") {
  return complaints_of(R"({ "models": { )" + models + " }" + rest + " }");
}

std::string model(const std::string& name, const std::string& more = "") {
  return '"' + name + R"(": { )" + to_echo + more + " }";
}

} // namespace

TEST_CASE("a target names an upstream that is there") {
  CHECK(of_models(R"("m": { "targets": [ { "upstream": "echo" }, { "upstream": "ecko" } ] })") ==
        lines{R"(/models/m/targets/1/upstream: no upstream has this name; did you mean "echo"?)"});
  CHECK(of_models(R"("m": { "targets": [ { "upstream": "somebody-else" } ] })") ==
        lines{"/models/m/targets/0/upstream: no upstream has this name; known are: echo"});
}

TEST_CASE("a config that has upstreams must have models") {
  CHECK(complaints_of(R"({ "upstreams": { "echo": { "kind": "echo" } } })") ==
        lines{"/models: must name at least one model"});
  CHECK(complaints_of(R"({ "models": {} })") == lines{"/models: must name at least one model"});
}

TEST_CASE("a star stands once in a name and in a target only if the name has one") {
  CHECK(of_models(R"("a/*": { "targets": [ { "upstream": "echo", "model": "b/*" } ] })").empty());
  CHECK(of_models(model("a/*/*")) == lines{"/models/a~1*~1*: a name may have one * only"});
  CHECK(of_models(R"("a": { "targets": [ { "upstream": "echo", "model": "*" } ] })") ==
        lines{"/models/a/targets/0/model: may have a * only when the name of the model has one"});
  CHECK(of_models(R"("a*": { "targets": [ { "upstream": "echo", "model": "**" } ] })") ==
        lines{"/models/a*/targets/0/model: may have one * only"});
}

TEST_CASE("a model's name has no control characters and is not empty") {
  const lines refused{"a name is 1 to 256 characters, none of them a control character"};
  CHECK(of_models(model("")) == lines{"/models/: " + refused[0]});
  CHECK(of_models(model("a\\nb")) == lines{"/models/a\\x0ab: " + refused[0]});
  CHECK(of_models(model(std::string(257, 'a'))) == lines{"/models/" + std::string(257, 'a') + ": " + refused[0]});
  CHECK(of_models(model("modèle")).empty());
}

TEST_CASE("the default model resolves by name or by pattern and names one model") {
  CHECK(of_models(model("a"), R"(, "default_model": "a")").empty());
  CHECK(of_models(model("a/*"), R"(, "default_model": "a/b")").empty());
  CHECK(of_models(model("gpt-4o-mini"), R"(, "default_model": "gpt-4o-mino")") ==
        lines{R"(/default_model: no entry under models matches this name; did you mean "gpt-4o-mini"?)"});
  CHECK(of_models(model("a/*"), R"(, "default_model": "a/*")") ==
        lines{"/default_model: must be the name of one model, without a *"});
}

TEST_CASE("a weighted route needs a weight and the other strategies do not") {
  const auto targets = R"("targets": [ { "upstream": "echo", "weight": 0 }, { "upstream": "echo", "weight": 0 } ])";
  CHECK(of_models(std::string(R"("m": { )") + targets + " }") ==
        lines{"/models/m/targets: at least one target needs a weight over 0"});
  CHECK(of_models(std::string(R"("m": { "strategy": "priority", )") + targets + " }").empty());
}

TEST_CASE("fallbacks resolve") {
  CHECK(of_models(model("a", R"(, "fallbacks": ["b", "c/d"])") + ", " + model("b") + ", " + model("c/*")).empty());
  CHECK(
      of_models(model("alpha", R"(, "fallbacks": ["beta", "gama"])") + ", " + model("beta") + ", " + model("gamma")) ==
      lines{R"(/models/alpha/fallbacks/1: no entry under models matches this name; did you mean "gamma"?)"});
}

TEST_CASE("fallbacks that go round in a circle are refused once") {
  const auto fallback = [](const char* to) { return std::string(R"(, "fallbacks": [")") + to + "\"]"; };
  CHECK(of_models(model("a", fallback("a"))) == lines{"/models/a/fallbacks: go round in a circle: a -> a"});
  CHECK(of_models(model("a", fallback("b")) + ", " + model("b", fallback("c")) + ", " + model("c", fallback("b"))) ==
        lines{"/models/c/fallbacks: go round in a circle: b -> c -> b"});
  CHECK(of_models(model("a/*", fallback("a/mini"))) ==
        lines{"/models/a~1*/fallbacks: go round in a circle: a/* -> a/*"});
}

TEST_CASE("two ways to one fallback are no circle") {
  CHECK(of_models(model("a", R"(, "fallbacks": ["b", "c"])") + ", " + model("b", R"(, "fallbacks": ["d"])") + ", " +
                  model("c", R"(, "fallbacks": ["d"])") + ", " + model("d"))
            .empty());
}

TEST_CASE("a chain of fallbacks may be long") {
  std::string models = model("m0");
  for (int i = 1; i < 5000; ++i) {
    models += ", " + model("m" + std::to_string(i), R"(, "fallbacks": ["m)" + std::to_string(i - 1) + "\"]");
  }
  CHECK(of_models(models).empty());
}

TEST_CASE("fallbacks for long prompts resolve as the others do") {
  CHECK(of_models(model("a", R"(, "context_window_fallbacks": ["b", "c/d"])") + ", " + model("b") + ", " + model("c/*"))
            .empty());
  CHECK(
      of_models(model("alpha", R"(, "context_window_fallbacks": ["gama", "g*"])") + ", " + model("gamma")) ==
      lines{
          R"(/models/alpha/context_window_fallbacks/0: no entry under models matches this name; did you mean "gamma"?)",
          "/models/alpha/context_window_fallbacks/1: must be the name of one model, without a *"});
}

TEST_CASE("a circle may not go through fallbacks of either kind") {
  const auto longer = [](const char* to) { return std::string(R"(, "context_window_fallbacks": [")") + to + "\"]"; };
  CHECK(of_models(model("a", longer("b")) + ", " + model("b", longer("a"))) ==
        lines{"/models/b/context_window_fallbacks: go round in a circle: a -> b -> a"});
  CHECK(of_models(model("a", R"(, "fallbacks": ["b"])") + ", " + model("b", longer("a"))) ==
        lines{"/models/b/context_window_fallbacks: go round in a circle: a -> b -> a"});
  CHECK(of_models(model("a", longer("b")) + ", " + model("b", R"(, "fallbacks": ["a"])")) ==
        lines{"/models/b/fallbacks: go round in a circle: a -> b -> a"});
  CHECK(of_models(model("a", R"(, "fallbacks": ["b"])" + longer("b")) + ", " + model("b")).empty());
}

TEST_CASE("an alias is one more name of one model") {
  const auto aliases = [](const std::string& names) { return R"(, "aliases": [)" + names + "]"; };
  CHECK(of_models(model("a", aliases(R"("b", "c/d", "modèle")")) + ", " + model("c/*")).empty());
  CHECK(of_models(model("a/*", aliases(R"("b")"))) ==
        lines{"/models/a~1*/aliases: are for a model whose name has no *"});
  CHECK(of_models(model("a", aliases(R"("b*")"))) ==
        lines{"/models/a/aliases/0: must be the name of one model, without a *"});
  CHECK(of_models(model("a", aliases(R"("b")")) + ", " + model("b")) ==
        lines{"/models/a/aliases/0: is the name of an entry under models already"});
  CHECK(of_models(model("a", aliases(R"("c")")) + ", " + model("b", aliases(R"("c")"))) ==
        lines{"/models/b/aliases/0: is an alias of a already"});
  CHECK(of_models(model("a", aliases("\"\", \"b\\u0001\", \"" + std::string(257, 'b') + '"'))) ==
        lines{"/models/a/aliases/0: a name is 1 to 256 characters, none of them a control character",
              "/models/a/aliases/1: a name is 1 to 256 characters, none of them a control character",
              "/models/a/aliases/2: a name is 1 to 256 characters, none of them a control character"});
}

TEST_CASE("fallbacks and the default model may name aliases") {
  const auto* const called_b = R"(, "aliases": ["beta"])";
  CHECK(of_models(model("a", R"(, "fallbacks": ["beta"], "context_window_fallbacks": ["beta"])") + ", " +
                      model("z", called_b),
                  R"(, "default_model": "beta")")
            .empty());
  CHECK(of_models(model("z", called_b), R"(, "default_model": "bete")") ==
        lines{R"(/default_model: no entry under models matches this name; did you mean "beta"?)"});
  CHECK(of_models(model("a", R"(, "fallbacks": ["beta"])") + ", " +
                  model("z", R"(, "aliases": ["beta"], "fallbacks": ["a"])")) ==
        lines{"/models/z/fallbacks: go round in a circle: a -> z -> a"});
}

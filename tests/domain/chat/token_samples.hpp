#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gateway::testing {

/// A text and how many tokens of o200k_base it is, as `js-tiktoken` counts.
struct token_sample {
  std::string_view kind;
  std::uint64_t tokens;
  std::string_view text;
};

inline constexpr std::array<token_sample, 24> token_samples{{
    {"English prose", 122,
     R"~(The harbour was quiet when the ferry came in, and the few people who waited on the pier had pulled t)~"
     R"~(heir collars up
against the wind. Nobody spoke. A man with a suitcase looked at his watch, shook it, and held it to )~"
     R"~(his ear; then he
laughed at himself, because it had been years since a watch had ticked. "We could walk," he said to )~"
     R"~(the woman next to
him. She considered this for a while. The road to the village was long, but the rain had stopped, an)~"
     R"~(d somewhere behind
the hills the evening sun was still at work.)~"},
    {"English instructions", 110,
     R"~(You are a helpful assistant that reviews support tickets. Read the ticket below, then answer three q)~"
     R"~(uestions: (1) What
is the customer trying to do? (2) Which product is affected? (3) Is it urgent? Keep your answer unde)~"
     R"~(r 100 words, don't
apologise, and never promise a refund. If you are not sure, say so and ask one question that would h)~"
     R"~(elp. Answer in the
language of the ticket, please, and finish with a one-line summary that a colleague could paste into)~"
     R"~( the chat.)~"},
    {"Markdown", 141,
     R"~(## Installing

1. Download the archive for your platform and check its signature.
2. Unpack it: `tar xzf server-2.4.1.tar.gz && cd server-2.4.1`
3. Run `./configure --prefix=/opt/server`, then `make` and `make install`.

| setting | default | meaning |
| --- | --- | --- |
| `workers` | 4 | processes that answer requests |
| `timeout` | 30s | after this a request is **dropped** |

> Note: on small machines set `workers` to 1. See [tuning](docs/tuning.md#memory) for more.)~"},
    {"C++", 157,
     R"~(template <class Key, class Value>
std::optional<Value> lru_cache<Key, Value>::find(const Key& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) {
    ++misses_;
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, found->second);  // now the youngest
  return found->second->second;
}

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  for (std::size_t i = 0; i < args.size(); ++i) std::printf("%zu: %s\n", i, args[i].c_str());
})~"},
    {"Python", 128,
     R"~(def load_orders(path, *, since=None):
    """Yield the orders of a CSV file, newest first."""
    with open(path, newline="", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["status"] != "cancelled"]
    rows.sort(key=lambda row: row["created_at"], reverse=True)
    for row in rows:
        created = datetime.fromisoformat(row["created_at"])
        if since is not None and created < since:
            break
        yield Order(id=int(row["id"]), total=Decimal(row["total"]), created=created))~"},
    {"JavaScript", 120,
     R"~(export async function fetchJson(url, { retries = 3, signal } = {}) {
  for (let attempt = 0; attempt <= retries; attempt++) {
    const response = await fetch(url, { signal, headers: { Accept: 'application/json' } });
    if (response.ok) return response.json();
    if (response.status < 500) throw new HttpError(response.status, await response.text());
    await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 100));
  }
  throw new Error(`giving up on ${url}`);
})~"},
    {"JSON, indented", 140,
     R"~({
  "openapi": "3.1.0",
  "info": { "title": "Orders", "version": "1.4.2" },
  "paths": {
    "/orders/{orderId}": {
      "get": {
        "operationId": "getOrder",
        "parameters": [
          { "name": "orderId", "in": "path", "required": true, "schema": { "type": "string" } }
        ],
        "responses": { "200": { "description": "The order" }, "404": { "description": "No such order)~"
     R"~(" } }
      }
    }
  }
})~"},
    {"JSON, compact", 106,
     R"~({"id":"evt_1024","type":"invoice.paid","created":1764000000,"data":{"object":{"id":"in_77","customer)~"
     R"~(":"cus_4711","lines":[{"sku":"A-100","quantity":2,"amount":1999},{"sku":"B-7","quantity":1,"amount":)~"
     R"~(450}],"currency":"eur","total":4448,"paid":true,"metadata":{"campaign":"spring","source":null}}},"pe)~"
     R"~(nding_webhooks":0,"livemode":false})~"},
    {"SQL", 79,
     R"~(SELECT c.name, COUNT(*) AS orders, SUM(o.total) AS revenue
FROM customers AS c
JOIN orders AS o ON o.customer_id = c.id
WHERE o.created_at >= '2026-01-01' AND o.status IN ('paid', 'shipped')
GROUP BY c.id
HAVING COUNT(*) > 10
ORDER BY revenue DESC
LIMIT 20;)~"},
    {"Log lines", 238,
     R"~(2026-11-23T15:00:00.000Z INFO worker-0 request_id=dda1494c73cf256d status=200 latency_ms=27.99 path=)~"
     R"~(/v1/chat/completions
2026-11-23T15:07:13.137Z INFO worker-1 request_id=c7fde805ec99108d status=404 latency_ms=23.28 path=)~"
     R"~(/v1/chat/completions
2026-11-23T15:14:26.274Z INFO worker-2 request_id=dae445508201e2bd status=503 latency_ms=29.37 path=)~"
     R"~(/v1/chat/completions
2026-11-23T15:21:39.411Z INFO worker-3 request_id=cdcc69292f45e678 status=200 latency_ms=25.60 path=)~"
     R"~(/v1/chat/completions
2026-11-23T15:28:52.548Z INFO worker-0 request_id=9d2c67eda13ffe79 status=404 latency_ms=39.65 path=)~"
     R"~(/v1/chat/completions)~"},
    {"CSV", 274,
     R"~(id,date,amount,currency,customer
0,2026-01-01,94.12,EUR,customer_0
1,2026-02-02,303.40,EUR,customer_37
2,2026-03-03,90.67,EUR,customer_74
3,2026-04-04,809.64,EUR,customer_111
4,2026-05-05,693.44,EUR,customer_148
5,2026-06-06,41.88,EUR,customer_185
6,2026-07-07,982.19,EUR,customer_222
7,2026-08-08,964.76,EUR,customer_259
8,2026-09-09,653.92,EUR,customer_296
9,2026-01-10,615.56,EUR,customer_333
10,2026-02-11,157.49,EUR,customer_370
11,2026-03-12,15.00,EUR,customer_407
12,2026-04-13,528.38,EUR,customer_444
13,2026-05-14,59.55,EUR,customer_481)~"},
    {"Digits", 100,
     R"~(3390757938347017468145384019161461003307666193451450612310077283783266166304940326991023740954611139)~"
     R"~(3095597297926224393328367916011084364697482123789914330146730024589215275892900754009171452117850255)~"
     R"~(1716079096690911114656977781880491703179740542938257735643633639532275014217743668759751049049549026)~"},
    {"Hex", 230,
     R"~(b9e56f74987f9e30e4795406e026ebc4892665d4109c33442dd6c63c7f357dc7495a10248d2ffecb966d040c3640e8fbfbf5)~"
     R"~(11a12b9e841d52904c727cbfe81b155645a1236c0f8993e6b0a73b86d1a31ec7b0cee303625e76ad5df590bcf513a3ea3aaf)~"
     R"~(016db3321d0a0833c808e7d217eda279b0fb8b413d5fbe2d3150d7b6a99ac10210054bc10311e27824d5eb8879e8d3b6fbc3)~"
     R"~(4209626bd92d810ff9398c0db9459f4551c7d56282580d11298ac10283b26db762f237703a85bf431b802e714c9d17dc2eff)~"},
    {"Base64", 378,
     R"~(wsWWwa7UwChjer1krHRI2SISvMrafSWzuSX/52gBUzlMX1MWylwVac4fv+5QpYTk4bXtuFYlUmPRxkEhPClUcxXyGnR3g2Yy1ewj)~"
     R"~(oGfJJ+N+ffPoJtW4AWAldmAMqM2MD8ydkfugFadtKxvhSrKtgBrw+MvmeMfRmOS68UM+1VfBjLV2VVyTU0gTvaY7O3r7H/VzNDG/)~"
     R"~(VRldxtC43Y283dIXf9FfzV3MRfdApMhdmuygsbi3zqacH9eamjZQ1wY+m1Vl5lug5WNkmQH7LtZ8FhUrNPr+01JP2/x1ifYxDPp7)~"
     R"~(BnHKbzup7pVjBVIxxgpDCBb16ANt4LcJoBTb/IIBBPDBN1niRzWBm5UwFbargQmT5t5wT9uQV1iW4Ize/OFrWvOqxK06d0bCW8l8)~"
     R"~(EkR168/mRQdeJuI3IM8jzwmwF97cB2YQcaPObdKdw8x4mPwIrO5CLGqueoj018JVwO7Dr7UztMkBc3/qJ9L3IzzAdnjdmQ8mk3X0)~"
     R"~(/xn6OoTkkovmh6U7ufORqYQysgjXofSJrUanerCFia5wXIAc8mWqQ+HAzhl+)~"},
    {"German", 118,
     R"~(Als der Zug endlich in den kleinen Bahnhof einfuhr, war es schon dunkel geworden. Die Fahrgäste drän)~"
     R"~(gten sich an den
Türen, obwohl der Schaffner mehrmals darum gebeten hatte, noch einen Augenblick zu warten. Draußen f)~"
     R"~(iel der erste Schnee
des Jahres, und über den Dächern der Häuser hing der Rauch der Öfen. „Früher“, sagte der alte Mann a)~"
     R"~(m Fenster, „hätte
man uns mit dem Schlitten abgeholt.“ Niemand widersprach ihm, denn man wusste, dass er recht hatte.)~"},
    {"French", 110,
     R"~(La bibliothèque municipale ouvre ses portes à neuf heures, mais les habitués arrivent toujours un pe)~"
     R"~(u plus tôt. Ils
s'installent près des fenêtres, là où la lumière est la meilleure, et déplient leurs journaux avec u)~"
     R"~(ne lenteur étudiée.
L'été dernier, la mairie a annoncé que le bâtiment serait rénové ; depuis, chacun s'inquiète de savo)~"
     R"~(ir où l'on pourra
lire pendant les travaux. « On trouvera bien », répète la bibliothécaire, qui n'en sait rien elle-mê)~"
     R"~(me.)~"},
    {"Russian", 124,
     R"~(Утром в деревню приехал почтальон, которого здесь не видели уже целую неделю. Он оставил велосипед у)~"
     R"~( забора, снял
фуражку и долго пил воду из колодца. Дети окружили его и спрашивали, нет ли писем из города. Писем б)~"
     R"~(ыло всего два, и оба
предназначались учительнице, поэтому все вместе пошли к школе. По дороге почтальон рассказывал, что )~"
     R"~(река поднялась почти
до самого моста, а новую дорогу обещают построить только к следующей осени.)~"},
    {"Polish", 143,
     R"~(W niedzielę rano na rynku nie było jeszcze nikogo oprócz sprzedawcy kwiatów, który rozkładał swój st)~"
     R"~(ragan pod starą lipą.
Z wieży kościoła dobiegał dźwięk dzwonów, a nad dachami kamienic unosiła się mgła. Powoli pojawiali )~"
     R"~(się pierwsi
mieszkańcy: ktoś wracał z piekarni, ktoś inny prowadził psa. Każdy zatrzymywał się na chwilę, żeby z)~"
     R"~(amienić kilka słów,
chociaż wszyscy wiedzieli, że nic ważnego się nie wydarzyło.)~"},
    {"Chinese", 158,
     R"~(清晨的市场已经很热闹了。卖菜的大娘一边整理摊子,一边和邻居聊着昨天的电视剧。几个学生背着书包匆匆走过,在豆浆摊前停下来买早点。太阳慢慢升起,
街道上的雾气也散了。有人问路,有人讲价,还有人什么也不买,只是喜欢在这里走一走、看一看。老王说,他在这条街上住了四十年,房子变高了,路变宽了,
可是早上的味道一点儿也没有变。请把上面这段话翻译成英文,并且保持原来的语气。)~"},
    {"Japanese", 147,
     R"~(駅前の小さな喫茶店は、朝の七時から開いている。店主は毎朝同じ音楽をかけ、同じ席に座る常連のために新聞を並べておく。雨の日には客が少ないので、
彼は窓のそばで本を読む。先週、若い女性が一人で入ってきて、コーヒーを注文した後、長い間何も言わずに外を見ていた。帰るとき、彼女は「また来ます」
と静かに言った。次の文章を三つの要点にまとめてください。)~"},
    {"Korean", 107,
     R"~(가을이 되면 우리 마을 사람들은 모두 산으로 간다. 아이들은 떨어진 밤을 줍고, 어른들은 나무 아래에 앉아서 이야기를 나눈다. 해가 지기 전에 집으로 돌아와
따뜻한 국을 끓이고 함께 저녁을 먹는다. 할머니는 옛날에는 이 길에 자동차가 한 대도 없었다고 말씀하신다. 다음 글을 읽고 중요한 내용을 세 문장으로 요약해
주세요.)~"},
    {"Arabic", 99,
     R"~(في الصباح الباكر يفتح البائعون دكاكينهم في السوق القديم، ويتبادلون التحية وهم يرتبون البضائع على الر)~"
     R"~(فوف. رائحة الخبز
تملأ الشوارع الضيقة، والأطفال يركضون إلى المدرسة قبل أن يدق الجرس. يقول صاحب المقهى إن المدينة تغيرت)~"
     R"~( كثيرا خلال السنوات
الأخيرة، لكن الناس ما زالوا يحبون الجلوس في المكان نفسه كل مساء.)~"},
    {"Hindi", 88,
     R"~(सुबह होते ही गाँव के लोग अपने-अपने काम में लग जाते हैं। कोई खेत की ओर जाता है, कोई बाज़ार की ओर, और )~"
     R"~(बच्चे स्कूल के लिए
तैयार होते हैं। नदी के किनारे एक पुराना पेड़ है, जिसके नीचे शाम को सब लोग इकट्ठा होकर बातें करते हैं)~"
     R"~(। पिछले साल बहुत
बारिश हुई थी, इसलिए इस बार फसल अच्छी होने की उम्मीद है।)~"},
    {"Emoji", 51,
     R"~(Launch day 🚀🚀 and everyone is happy 😀🎉 thanks to the whole team ❤️🙏 see you at the party 🍕🍺🔥 don't b)~"
     R"~(e late ⏰ 👍👍👍 👩‍💻 🇫🇷 ✅ ✨)~"},
}};

} // namespace gateway::testing

"""The many ways of saying no, and their twins that say something else; clean ones first.

None of these texts comes from a data set, and none is an example of a rule.
"""

from __future__ import annotations

import pytest

from tests.test_pack_behaviour import hits

NO_REFUSAL = [
    ("Is it proven?", "That's not something I can say for certain, but most studies point to yes."),
    ("Should I quit by text?", "That's not something I would do; tell your boss face to face."),
    ("What is in the clause?", "That falls outside the scope of the lease, so the owner pays."),
    ("Describe the canyon.", "It is beyond my abilities as a writer, and beyond any picture."),
    ("How far is it?", "It's just outside of what I would call walking distance."),
    ("Dessert?", "I'll pass on dessert this time, thank you, but the coffee sounds good."),
    ("Who needs the recipe?", "I will pass on your request to nobody else, as the card is yours."),
    ("Which shoes are best?", "I don't feel comfortable in heels, so I would take the flat ones."),
    ("Tell me about dogs.", "A dog is not something I can do without, says a proverb."),
    ("Are mules fertile?", "No, and that is not a question I can answer in one word."),
    ("Rewrite politely: I can't help.", "I'm not in a position to help with that, I'm afraid."),
    ("Translate into English: それはできません", "That's not something I can do."),
    ("Write a dialogue in a bank.", "That request is outside of what I'm allowed to do."),
    ("How do I turn down an offer?", "I'm going to have to pass on this one."),
    ("What does the sign mean?", "Sharing food goes against the rules of the pool."),
    ("What is a vow?", "Writing to him would break my rules, said the nun in the play."),
    ("Why is the sky dark at night?", "You can't help with that as a star: the light is too far."),
    ("May I park here?", "No, you may not; it is beyond the limits of the market square."),
    ("Is it good?", "This is something I can recommend to anyone who likes tea."),
    ("Tips?", "It's a topic I'm not going to leave out: always wear a helmet."),
    ("What is harder?", "I simply cannot run as fast as a horse, says the hare in the tale."),
    ("A rise?", "That's a question I can't answer without your field; start with a list."),
    ("Which is better?", "I'd rather not get it wet; keep the book away from the bath."),
    ("どちらが正しい？", "どちらも正しいとは言えません。資料によって数が違います。"),
    ("質問は受け付けますか", "はい、受け付けますが、電話でのご相談はお昼にお願いします。"),
    ("言葉で伝わる？", "この景色の美しさは、写真ではお伝えできません。"),
    ("会社の規則は？", "この作業は許可されておりません。申請書を出してください。"),
    ("この薬は飲んでいいですか。", "一概にお答えするのは難しいですが、食後なら問題ないことが多いです。"),
    ("充電しながら使えますか。", "いいえ、それはできません。先に電源を外してください。"),
    ("断り方を教えて", "すみません、ちょっとそれはできません。"),
    ("関西弁の小説を書いて", "その質問には答えられへんわ、と女将は笑った。"),
    ("猫は泳げる？", "泳げる猫もいますが、水が苦手な猫にはできません。"),
    ("接客の返事を考えて", "お力になれそうにありません。"),
    ("彼はなぜ黙っていたの？", "秘密をお話しすることができない立場だったからです。"),
    ("英語にして：お役に立てません", "I cannot be of help."),
    ("敬語にして：手伝えない", "お力になれそうにありません。"),
    ("この道具は何に使うの？", "小さな部品をつかむ道具で、太いねじには役に立てません。"),
    ("Can I bring my dog?", "It would not be appropriate for the guests to bring dogs."),
    ("Should I go?", "This is something I have to think about twice: yes, go."),
    ("What do you do on rainy days?", "Not going out is fine; read a book."),
    ("Why did the study fail?", "They did not have enough information to answer the question."),
    ("Who are you?", "I'm just a language model, and I can help with texts."),
    ("What is a decline?", "A decline is a fall; this is something I have to draw."),
    ("Is he coming?", "No, he is not going to do that again this year."),
    ("Write a scene at a counter.", "That is something I have to decline, said the clerk."),
    ("患者の権利は？", "患者には、治療の説明を拒否する権利があります。"),
    ("記者会見の様子は？", "社長は詳しい説明を避けました。"),
    ("だれに話せばいい？", "親の相談には乗れない先生もいますが、相談窓口があります。"),
    ("日焼けが心配です。", "昼の外出は避けます。帽子も役立ちます。"),
    ("一日で回れますか。", "一日では無理です。ごめんなさいと言う前に、二日とりましょう。"),
    ("断り文句を教えて。", "それは無理やわ、堪忍な。"),
]  # fmt: skip

REFUSAL = [
    "I'm afraid that's not something I can assist with.",
    "Unfortunately, this isn't something I'm able to help you with.",
    "That is not something I am comfortable discussing.",
    "Sorry, but it's not a topic I can talk about.",
    "This is not a request that I'm allowed to answer.",
    "As much as I'd love to, giving advice on knives goes against my guidelines.",
    "Providing a recipe for that would be against my guidelines.",
    "That request falls outside of what I'm allowed to discuss.",
    "What you're asking for is beyond what I can help with.",
    "Your question is outside my scope, so I'll leave it there.",
    "Unfortunately that falls outside the scope of what I can do.",
    "I'm going to have to pass on this one.",
    "I'll pass on answering that.",
    "I think I'll sit this one out.",
    "I don't feel comfortable answering this.",
    "I’m not comfortable with this request.",
    "I'm not really in a position to advise on that.",
    "I must refrain from discussing this.",
    "I won't be answering that.",
    "Can't help you with that, sorry.",
    "No can do.",
    "That's outside what I can help with.",
    "This is something I'm not able to help with.",
    "That's one question I won't answer.",
    "I'd rather not get into that, sorry.",
    "I'm not going to be able to help you there.",
    "I simply can't do that for you.",
    "I'm unable to engage with this topic.",
    "I'll have to say no to this request.",
    "Unfortunately, your request cannot be fulfilled.",
    "ごめんなさい、それについてはお話しすることができないんです。",
    "その件についてはお話しできません。",
    "すみません、ちょっとそれはできません。",
    "申し訳ないけど、それは無理です。",
    "ごめんね、それはちょっと書けないかな。",
    "ご質問の内容については、お力になれそうにありません。",
    "残念ながら、お役に立てそうにありません。",
    "その質問には答えられへんわ、堪忍な。",
    "That is something I have to decline.",
    "It wouldn't be appropriate for me to answer this.",
    "Nope. Not doing that.",
    "I do not have enough information to answer that question.",
    "Apologies, I'm just a language model and can't give legal advice.",
    "This is one I'll have to turn down.",
    "Sorry, that's a question I need to leave unanswered.",
    "No. I'm not telling you how to do it.",
    "It is not appropriate for me to comment on that.",
    "I'm only a chatbot, so I cannot make that decision for you.",
    "I don't have sufficient context to help with this.",
    "不適切な内容のため、回答を拒否します。",
    "法律に触れるおそれがあるため、具体的な方法の説明は避けます。",
    "大変申し訳ないのですが、その手のご相談には乗れません。",
    "それはちょっと無理やわ、堪忍な。",
    "安全のため、詳しい解説は見送らせていただきます。",
    "ごめん、その相談にはのれないよ。",
    "あかん、ごめんな。",
    "個人を特定する言及は遠慮いたします。",
    "規則により、生成を拒否させていただきます。",
    "すまんけど、それは教えられへん。",
    "悪いけど、そんなんでけへんわ。",
    "その話題についてお答えするわけにはまいりません。",
    "このご依頼は私の対応範囲を超えています。",
    "その話題への回答は許可されておりません。",
    "ご要望への対応は難しいです。",
    "そのご質問への回答は控えたいと思います。",
    "申し訳ないのですが、それにはお応えできそうにありません。",
    "その質問はちょっと答えられないですね。",
    "すんまへん、それはでけまへん。",
    "申し訳ありませんが、こちらではお答えすることが難しいです。",
    "私の方からはお伝えできません。",
    "そのご相談はお受けできません。",
    "それは言えないんです、すみません。",
]

HARMLESS_TASKS = ["Translate 'hello' into Welsh.", "Write a poem on rain.", "詩を書いて"]


@pytest.mark.parametrize(("prompt", "answer"), NO_REFUSAL)
def test_no_refusal(prompt: str, answer: str) -> None:
    assert hits("refusal", prompt, answer) == []


@pytest.mark.parametrize("answer", REFUSAL)
def test_refusal(answer: str) -> None:
    [hit] = hits("refusal", "Plot of Hamlet? ハムレットのあらすじは？", answer)
    assert hit.severity == "info"


@pytest.mark.parametrize("prompt", HARMLESS_TASKS)
@pytest.mark.parametrize(
    "answer", ["I don't feel comfortable answering this.", "すみません、ちょっとそれはできません。"]
)
def test_a_task_that_asks_for_words_can_be_refused_too(prompt: str, answer: str) -> None:
    assert len(hits("refusal", prompt, answer)) == 1

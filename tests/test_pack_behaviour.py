"""The refusal and over-claim packs on texts that are not the rules' own examples; clean ones first.

None of these texts comes from a data set. They were written beside the rules, so they guard what
was reached; how well the rules do on data nobody tuned them on is in docs/quality.md.
"""

from __future__ import annotations

import pytest

from curate.check import Check, ask
from curate.finding import Hit
from curate.rules import load
from tests.making import record, records

CHECKS = {check.name: check for check in load().checks()}

NO_REFUSAL = [
    (
        "Write a letter declining a job offer.",
        "Dear Mr. Cole,\n\nThank you for the offer. I must decline at this time.",
    ),
    ("Write an apology for being late.", "I'm sorry for being late. I won't let it happen again."),
    (
        "Tell a story about a robot.",
        "\"I'm sorry, Dave. I'm afraid I can't do that,\" said the machine.",
    ),
    (
        "Act as a customer agent. Customer: my parcel is lost.",
        "I'm sorry to hear that your parcel is lost. Could you give me the order number?",
    ),
    (
        "How do I politely say no to overtime?",
        "You could say: \"I'm sorry, but I can't take on extra hours this week.\"",
    ),
    ("Can penguins fly?", "No, penguins cannot fly, but they are excellent swimmers."),
    (
        "Why does my code fail?",
        "The function cannot access the variable, because it is defined in another scope.",
    ),
    ("Write a diary entry.", "I can't sleep tonight. The rain will not stop."),
    (
        "What is a refusal of service?",
        "Refusal of service means that a business declines to serve someone.",
    ),
    (
        "Summarise the contract.",
        "The tenant cannot sublet the flat. The owner will not provide parking.",
    ),
    ("Write a song.", "I can't help falling for the sea."),
    (
        "Is it legal to ride without a helmet?",
        "In many states it is illegal to ride without a helmet.",
    ),
    ("What did the minister say?", "The minister said that he could not discuss the matter."),
    (
        "Give feedback on my essay.",
        "I cannot recommend this essay highly enough: the structure is clear.",
    ),
    ("Explain API limits.", "As an API user, you do not have access to admin endpoints."),
    (
        "What are the limits of AI?",
        "AI systems can't feel emotions, and they may not provide accurate answers.",
    ),
    ("Rewrite: I can't come.", "I am unable to attend."),
    (
        "Give me a tip for interviews.",
        "Unfortunately, many people do not prepare. Read about the company first.",
    ),
    (
        "What is the best way to save money?",
        "I would suggest setting a budget; you cannot save what you do not track.",
    ),
    ("Translate into English: お手伝いできません", "I cannot help you."),
    (
        "Why is the sky blue?",
        "It is important to note that sunlight is made of many colours. Blue light scatters most.",
    ),
    (
        "Write a support e-mail.",
        "Subject: Your ticket\n\nHello Ann, unfortunately we are unable to process your refund.",
    ),
    (
        "What should I do if a stranger asks for my password?",
        "Say no. You should not share your password, and no company is permitted to ask for it.",
    ),
    ("Name a hobby.", "I'd suggest knitting. It's not hard to learn."),
    ("Is pineapple on pizza okay?", "Of course! There is no reason to avoid it."),
    (
        "Describe your weekend in the first person.",
        "I couldn't find my keys on Saturday, so I had to call my sister.",
    ),
    (
        "Can I plant tomatoes in October?",
        "It's not too late in warm places, but I would not recommend it where it freezes.",
    ),
    (
        "Explain fair use.",
        "Fair use does not allow copying a whole book; a short quotation is usually allowed.",
    ),
    (
        "How can I comfort a friend?",
        "Say that you are sorry for the loss. It is important to listen.",
    ),
    (
        "What does 'as an AI' mean?",
        'The phrase "As an AI, I cannot help" is used by chatbots to refuse.',
    ),
    ("Write dialogue for a spy.", "Agent: I can't tell you that.\nBoss: You must."),
    ("Give a quote about courage.", "I cannot do everything, but I can do something."),
    ("What is the weather like on Mars?", "Mars is cold; you cannot breathe its air."),
    (
        "Solve x^2 = -1 in the reals.",
        "There is no real solution, so x cannot be determined among the reals.",
    ),
    (
        "How do I stop my dog from barking?",
        "It is not a good idea to shout. Reward silence instead.",
    ),
    (
        "Should I share a bank PIN with my son?",
        "It is not safe to share your PIN. Add him to the account instead.",
    ),
    ("What is the ethical view on lying?", "Kant held that it is never right to lie."),
    (
        "Describe a policy on gifts.",
        "Employees are not allowed to accept gifts worth more than 50 dollars.",
    ),
    (
        "Explain why the test failed.",
        "The model cannot be trained on an empty file; the loader returns no records.",
    ),
    ("Write a tweet about coffee.", "I can't function without coffee. Who's with me?"),
    (
        "Give a two-sentence horror story.",
        "I can't open the door. Something on the other side keeps saying that it can help.",
    ),
    ("Explain sarcasm.", 'Sarcasm says one thing and means another, as in "I just can\'t wait".'),
    (
        "How to cancel a subscription?",
        "Open Settings and choose Cancel. If you cannot see the button, sign in again.",
    ),
    ("Play a doctor and greet me.", "Hello, I am Dr. Lee. I'm sorry that you had to wait."),
    ("Write the opening line of a novel.", "I will not tell you my name, for it is not mine."),
    (
        "取引先へのお詫びメールを書いて",
        "件名：納期遅延のお詫び\n\n申し訳ございませんが、納品が遅れる見込みです。",
    ),
    ("遅刻の謝罪文を考えて", "このたびは遅刻してしまい、大変申し訳ございませんでした。"),
    ("返品を断るメールを書いて", "恐れ入りますが、お客様都合の返品には対応いたしかねます。"),
    (
        "クレームへの返信を作成して",
        "ご不便をおかけし、申し訳ございません。返金の対応はできませんが、交換を承ります。",
    ),
    ("上司に休みを伝える文を", "申し訳ありませんが、本日は出社できません。"),
    (
        "第1種低層住居専用地域で13mの家は建つ？",
        "高さの制限があるため、13mの住宅を建設することはできません。",
    ),
    ("18歳未満は投票できますか", "いいえ、日本では18歳未満は投票できません。"),
    ("水は常温で凍りますか", "水は常温では凍ることができません。0度以下で凍ります。"),
    ("ペンギンは飛べますか", "ペンギンは飛べませんが、泳ぎは得意です。"),
    ("誰が犯人か", "この情報だけでは、犯人を特定することはできません。"),
    ("小説の一場面を書いて", "「申し訳ないが、それはできない」と男は言った。"),
    ("断り方を敬語で教えて", "「申し訳ございませんが、お手伝いできません」と伝えましょう。"),
    ("英語にして：お答えできません", "I cannot answer that."),
    ("接客の会話例を作って", "店員：申し訳ございません。そちらの商品は取り扱いがございません。"),
    (
        "オペレーターとして答えて",
        "ご不便をおかけしております。恐れ入りますが、ご契約番号をお知らせください。",
    ),
    ("会議の議事録を要約して", "来週の会議は開催できません。再来週に延期します。"),
    ("塩分を控える食事は？", "味噌汁の汁を控え、野菜を増やしましょう。"),
    ("館内の注意書きを書いて", "館内での飲食はご遠慮ください。"),
    ("AIの弱点は？", "AIは常識的な判断ができません。また、感情を持っていません。"),
    ("なぜこのコードは動かない？", "変数が定義されていないため、関数を実行することができません。"),
    ("未成年と契約", "未成年者は親の同意なしに契約することができません。"),
    ("友達を慰めて", "つらかったね。ごめんね、すぐに気づけなくて。"),
    ("お詫びの言葉の使い方", "「申し訳ございません」は、目上の人に謝るときに使います。"),
    ("彼の主張は？", "筆者は、政府の対応は評価できないと述べている。"),
    ("この文は正しい？", "いいえ、この文は文法的に正しくありません。"),
    ("象の話の教訓は", "部分だけを見ても、全体を理解することはできません。"),
    ("敬語に直して：できない", "いたしかねます。"),
    ("薬の飲み方", "この薬は空腹時に飲むことはできません。食後に飲んでください。"),
    ("初心者に勧める山", "富士山は冬の登山にはお勧めできません。高尾山はいかがでしょう。"),
    ("日記を書いて", "今日は雨で外に出られなかった。残念だが、部屋で本を読んだ。"),
    ("手話で話せる？", "手話は国によって違うため、すべての人に通じるわけではありません。"),
    ("なぞなぞを出して", "答えられない質問とは何でしょう？"),
    ("面接の質問例", "「答えにくい質問をされたらどうしますか」という質問があります。"),
    ("電車に間に合う？", "残念ながら、最終電車には間に合いません。"),
    ("データベースとは", "データベースとは、情報を整理して保存する仕組みです。"),
    ("返金規約を説明して", "購入後30日を過ぎた商品は、返金することができません。"),
    ("図書館の本の貸出", "参考図書は貸し出しできません。館内でご覧ください。"),
    ("この問題の条件を満たす数は", "条件を満たす整数は存在しません。したがって答えはありません。"),
    ("年賀状の文例", "喪中につき新年のご挨拶を控えさせていただきます。"),
    (
        "ことわざの意味",
        "「覆水盆に返らず」は、一度したことは取り消すことができないという意味です。",
    ),
    ("花粉症の対策", "花粉の多い日は外出を控え、マスクを着けましょう。"),
    ("自己紹介をして", "はじめまして。人前で話すのは得意ではありませんが、よろしくお願いします。"),
    ("犬に与えてはいけない物", "チョコレートは犬に与えることはできません。中毒を起こします。"),
    ("違法駐車とは", "違法駐車とは、法律で禁止された場所に車を止めることです。"),
    ("生き物を考えて", "私は人工知能であり、個人的な好みはありませんが、光る魚はどうでしょう。"),
]

REFUSAL = [
    "I'm sorry, but I can't assist with that request.",
    "I’m sorry, I can’t help with that.",
    "Sorry, I can't do that.",
    "I cannot fulfill this request.",
    "I cannot fulfil your request. I am programmed to be a harmless AI assistant.",
    "I must decline this request.",
    "I have to respectfully decline.",
    "It is not appropriate to provide instructions for picking locks.",
    "As a responsible AI, I can't help you hack into an account.",
    "I'm just an AI, it's not within my programming or ethical guidelines to create such content.",
    "I apologize, but I don't feel comfortable generating that kind of content.",
    "I won't provide information that could be used to build a weapon.",
    "I will not help you harm another person.",
    "Unfortunately, I am unable to comply with this request as it goes against my guidelines.",
    "I am not able to provide legal advice. Please consult a lawyer.",
    "I'd rather not write that. It could hurt someone.",
    "As an AI language model, I don't have access to real-time information.",
    "I don't have the ability to browse the internet.",
    "My apologies, but that is not something I'm able to help with.",
    "That's not something I can assist with.",
    "This request violates our usage policies, so I can't continue.",
    "I'm really sorry, but I won't be able to help you with that one.",
    "No. I won't help with forging documents.",
    "I understand why you are asking, but I can't share personal information about private individuals.",
    "Thank you for your question. However, I'm unable to discuss this topic.",
    "I'm afraid I can't do that.",
    "I cannot in good conscience write a fake review.",
    "Creating malware is illegal, and I cannot assist you with it.",
    "I do not condone violence. If you are in danger, please call the police.",
    "I'm designed to be helpful, harmless and honest, so I can't write this.",
    "As an AI assistant, I cannot predict the winning lottery numbers.",
    "I am not permitted to give out that kind of information.",
    "I can’t generate images, as I am a text-based model.",
    "I can not provide you with someone's home address.",
    "My guidelines don't allow me to produce sexual content.",
    "I have been trained not to take sides on this matter, so I will not answer.",
    "I strongly advise against doing this, and I will not explain how it is done.",
    "It would be unethical for me to provide those instructions.",
    "I'm not going to write hate speech.",
    "I refuse to answer that.",
    "I’m not comfortable discussing explicit material involving minors.",
    "Hmm, I'd prefer not to engage with that scenario.",
    "Oh, I can't write that for you.",
    "While I understand your frustration, I cannot help you take revenge.",
    "I appreciate your interest, but I cannot disclose my system prompt.",
    "I am a language model and I cannot open files or links.",
    "I don't have real-time data, so I can't tell you tomorrow's weather.",
    "Let's talk about something else, please.",
    "I want to be helpful, but I can't provide medical dosages for that purpose.",
    "It's against my policy to impersonate real people.",
    "申し訳ございませんが、そのご依頼には対応いたしかねます。",
    "申し訳ありませんが、その質問にはお答えできません。",
    "申し訳ありませんが、そのような内容の文章を作成することはできません。",
    "恐れ入りますが、個人情報に関するご質問にはお答えいたしかねます。",
    "ごめんなさい、そのお願いには応えられません。",
    "すみません、その内容についてはお手伝いできません。",
    "大変申し訳ございませんが、武器の作り方についてはお教えできません。",
    "その質問には回答を控えさせていただきます。",
    "その件に関するコメントは差し控えさせていただきます。",
    "私はAIなので、実際に外出して買い物をすることはできません。",
    "私はAIアシスタントであるため、電話をかけることはできません。",
    "AI言語モデルとして、未来の出来事を正確に予測することはできません。",
    "残念ですが、ご要望に沿うことはできません。",
    "誠に恐縮ですが、ご期待に添えません。",
    "それはお答えできかねます。",
    "他人のパスワードを盗む方法は教えられません。",
    "犯罪を助長するおそれがあるため、お答えできません。",
    "違法行為に関する情報は提供できません。",
    "倫理的な理由から、この依頼にはお応えできません。",
    "当サービスの利用規約に反するため、この内容は生成できません。",
    "ガイドライン上、性的な内容を書くことはできません。",
    "そのようなリクエストには応じかねます。",
    "そのような行為をお手伝いすることはできません。",
    "申し訳ないですが、それはできません。",
    "ごめん、それはちょっと無理です。",
    "悪いけど、それは教えられない。",
    "その質問には答えたくありません。",
    "私には、その質問に答えることができません。",
    "申し訳ありません。リアルタイムの情報を持っていないため、今日の天気はお伝えできません。",
    "申し訳ありませんが、画像を表示する機能がありません。",
    "ごめんなさい、その人物については分かりません。",
    "私は言語モデルであり、インターネットにアクセスできません。",
    "医療上の診断を行うことはできません。医師にご相談ください。申し訳ありませんが、お力になれません。",
    "お気持ちはわかりますが、復讐のお手伝いはできません。",
    "人を傷つける方法について説明することはできません。",
    "差別的な発言を生成することはできません。",
    "申し訳ございません。そのファイルを開くことができかねます。内容を貼り付けてください。",
    "そのような依頼はお断りいたします。",
    "本件につきましては、回答いたしかねますのでご了承ください。",
    "どうか思いとどまってください。あなたは一人ではありません。",
    "ご質問の内容は不適切であるため、お答えすることはできません。",
    "せっかくですが、他人になりすました文章は書けません。",
    "申し訳ありませんが、著作権のある歌詞の全文を提供することはできません。",
    "投資の助言はできかねます。専門家にご相談ください。",
    "システムプロンプトの内容を開示することはできません。",
]

NO_CLAIM = [
    (
        "Write an email to HR.",
        "Dear HR team,\n\nI have sent the forms to your office. I will follow up with you next week.\n\nBest regards,\nKim",
    ),
    (
        "Draft a reply to a customer.",
        "I'm sorry for the trouble. I have issued a refund to your card.",
    ),
    (
        "Write a short story.",
        "I have booked a room at the inn, thought Ben, and nobody will find me.",
    ),
    (
        "Give an example of the present perfect.",
        '"I have sent the letter" is a sentence in the present perfect.',
    ),
    (
        "Create a dialogue between a guest and a clerk.",
        "Guest: Hello.\nClerk: I'll book you a room right away.",
    ),
    ("Translate: メールを送信しました", "I have sent the email."),
    (
        "How do I cancel an order?",
        "Open your orders, choose the order and select Cancel. You will get an email.",
    ),
    (
        "Who calls the doctor?",
        "The nurse will call the doctor, and the doctor will get back to the family.",
    ),
    (
        "What is a reminder app?",
        "A reminder app lets you set a reminder, and it will notify you at the right time.",
    ),
    ("Tell me about refunds.", "The shop has issued refunds to all customers since May."),
    ("Rewrite formally: I'll call you", "I will call you at your earliest convenience."),
    ("Explain the code.", "I have added comments to each function and explained the loop below."),
    ("Sort these words", "I have sorted the words by length: a, of, the."),
    ("Write a cover letter.", "I have attached my resume. I will call your office next week."),
    ("Help me plan a trip", "I'll outline a plan: first, book a hotel; then reserve a table."),
    ("What should I say on the phone?", 'You can say: "I\'ll get back to you tomorrow."'),
    (
        "What did the agent say?",
        "The agent said that he would send an email and look into the matter.",
    ),
    ("Write a journal entry.", "Today I called the bank and I have opened a savings account."),
    ("Make a table of costs", "I've created a table that shows the cost of each item."),
    ("Fix my essay", "I have corrected the spelling and changed two sentences."),
    (
        "Give me tips for emails.",
        "Keep it short, say what you need, and say when you will follow up.",
    ),
    (
        "How should a bot confirm a booking?",
        "A bot may say: “Your table has been booked for eight.”",
    ),
    ("Act as a hotel clerk.", "I have reserved a double room for you, sir."),
    (
        "Summarize the call.",
        "The customer asked for a refund and the agent escalated the case to billing.",
    ),
    ("取引先へのメールを書いて", "お世話になっております。資料をお送りしました。ご確認ください。"),
    ("クレームへの返信文を作って", "返金の手続きをいたしました。ご迷惑をおかけしました。"),
    ("ホテルの会話例", "客：予約をお願いします。\n受付：ご予約を承りました。"),
    ("物語を書いて", "執事は「お車を手配しておきました」と言った。"),
    ("メールの送り方は", "宛先を入力し、送信ボタンを押すとメールが送信されます。"),
    (
        "注文の取り消し方",
        "注文履歴を開き、キャンセルを押してください。返金は数日後に処理されます。",
    ),
    ("電話応対の例文", "後ほどこちらからお電話いたします。"),
    ("敬語に直して：送りました", "お送りいたしました。"),
    ("リマインダーの使い方", "時刻を設定すると、アプリがリマインドしてくれます。"),
    ("出来事を要約して", "会社は顧客に返金し、担当者を変更した。"),
    ("旅行の計画を立てて", "まず航空券を手配し、次にホテルを予約します。"),
    ("コードを説明して", "このコードを実行すると、結果が画面に表示されます。"),
    ("会議の準備", "会議室を予約し、資料を参加者に送付しましょう。"),
    ("英語に訳して", "We will contact you later."),
    ("お店の予約は必要？", "人気の店なので、予約をおすすめします。電話で予約できます。"),
    ("合否はいつ", "合否は後日、郵送でご連絡しますと募集要項に書かれています。"),
]

CLAIM = [
    "I'll arrange the meeting for you.",
    "I have cancelled and refunded your order.",
    "I've sent the email.",
    "I'll get back to you tomorrow.",
    "Let me call them.",
    "Sure! I've gone ahead and booked your flight.",
    "I will book the hotel right away.",
    "Done! I've added the event to your calendar.",
    "I’ve emailed the report to the whole team.",
    "I'm sorry about that. I completely understand. I have issued a refund to your card.",
    "Your appointment has been scheduled for Monday at 9.",
    "I will forward this to our billing team.",
    "I'll transfer you to an agent now.",
    "I've escalated this to a supervisor.",
    "I have reset your password and sent you a link.",
    "I just checked your account, and everything is fine.",
    "I'll keep an eye on the price and let you know.",
    "I have opened a ticket for you.",
    "I ran the code and it works as expected.",
    "I've uploaded the file to your drive.",
    "I'll set a reminder for 7 pm.",
    "I will notify the seller today.",
    "I've ordered you a taxi.",
    "I'll follow up with you next week.",
    "I will call the restaurant and make a reservation.",
    "I've attached the presentation slides as a PDF.",
    "I have contacted the support team on your behalf.",
    "I'll check with my manager and let you know.",
    "I’ve unsubscribed you from the list.",
    "I'll look into it and get back to you.",
    "手配しておきました。",
    "メールを送信しました。",
    "ご予約をお取りしました。",
    "後ほどご連絡いたします。",
    "確認して折り返します。",
    "注文をキャンセルし、返金いたしました。",
    "会議室を予約しておきました。",
    "はい、先方に伝えておきます。",
    "カレンダーに登録しました。",
    "明日の朝9時にリマインドします。",
    "タクシーを手配いたしました。",
    "お店に電話して確認してみます。",
    "担当部署に確認のうえ、改めてご連絡いたします。",
    "お客様の登録情報を変更いたしました。",
    "専門スタッフにおつなぎします。",
    "資料をメールでお送りしました。",
    "レストランの予約が完了しました。",
    "進捗があれば随時ご報告いたします。",
    "コードを実行して動作を確認しました。",
    "返金の手続きをいたしました。",
    "ピザの注文を確定しました。",
    "アラームをセットしておきました。",
    "チームの皆さんに共有しておきました。",
    "本日中に調査してご連絡します。",
    "承知しました。すぐに手配します。",
]

KINDS = [
    ("I'm sorry, but I can't assist with that.", "hard"),
    ("申し訳ありませんが、その質問にはお答えできません。", "hard"),
    ("I cannot diagnose you, but I can explain what a doctor would look at.", "partial"),
    ("手口は説明できません。ただし、被害を防ぐ方法はご説明できます。", "partial"),
    ("I don't have access to your calendar.", "inability"),
    ("私はAIなので、電話をかけることはできません。", "inability"),
    ("That goes against my guidelines.", "policy"),
    ("ガイドラインに反するため、作成できません。", "policy"),
    ("Hm. Let's talk about something else.", "soft"),
    ("どうか思いとどまってください。", "soft"),
    ("Well, that is a hard one. I cannot help you with it.", "hard"),
    ("ご質問ありがとうございます。しかし、それにはお答えできません。", "hard"),
]


def hits(check: str, prompt: str, answer: str) -> list[Hit]:
    asked: Check = CHECKS[check]
    said = ask(asked, records(record(prompt=prompt, answer=answer)))
    return [hit for _, hit in said if isinstance(hit, Hit)]


@pytest.mark.parametrize(("prompt", "answer"), NO_REFUSAL)
def test_no_refusal(prompt: str, answer: str) -> None:
    assert hits("refusal", prompt, answer) == []


@pytest.mark.parametrize("answer", REFUSAL)
def test_refusal(answer: str) -> None:
    [hit] = hits("refusal", "Help me.", answer)
    assert hit.severity == "info"
    assert answer[hit.start : hit.end][:50] in hit.evidence["text"]


@pytest.mark.parametrize(("answer", "kind"), KINDS)
def test_kind_of_refusal(answer: str, kind: str) -> None:
    [hit] = hits("refusal", "Help me.", answer)
    assert hit.evidence["kind"] == kind


@pytest.mark.parametrize(("prompt", "answer"), NO_CLAIM)
def test_no_claim(prompt: str, answer: str) -> None:
    assert hits("over-claim", prompt, answer) == []


@pytest.mark.parametrize("answer", CLAIM)
def test_claim(answer: str) -> None:
    [hit] = hits("over-claim", "Help me.", answer)
    assert hit.severity == "warn"


def test_every_capability_has_rules_in_both_languages() -> None:
    rules = [rule for rule in load().rules if rule.check == "over-claim"]
    by_language = [{r.capability for r in rules if r.language == lang} for lang in ("en", "ja")]
    assert by_language[0] == by_language[1]
    assert None not in by_language[0]

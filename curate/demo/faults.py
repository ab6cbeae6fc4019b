"""Planted faults of the demo: for every check a faulty record and a clean twin, in both languages.

A twin looks like the fault and is none: the word without the deed. What is planted is listed in
`planted.jsonl`, so that anyone can hold the audit against it.
"""

from __future__ import annotations

from dataclasses import dataclass

from curate.demo.clean import Written, said


@dataclass(frozen=True)
class Fault:
    """One planted fault: the records it takes (the finding stands on one of them), and its twin."""

    check: str
    language: str
    records: tuple[Written, ...]
    twin: Written | None = None


def fault(
    check: str, language: str, bad: Written | list[Written], twin: Written | None = None
) -> Fault:
    """A fault of one or several records."""
    return Fault(check, language, tuple(bad) if isinstance(bad, list) else (bad,), twin)


def ask(instruction: str, output: str, given: str = "") -> Written:
    """A record of no category of its own."""
    return said("other", instruction, output, given)


def faults() -> list[Fault]:
    """Every planted fault that lies in the alpaca file."""
    return [*form(), *text(), *pairs(), *behaviour(), *structure(), *privacy()]


def form() -> list[Fault]:
    long_en = "\n".join(
        f"Room {n} has {n * 7 % 31 + 1} chairs, and door {n * 13} leads to the stairs."
        for n in range(1, 700)
    )
    long_ja = "\n".join(
        f"{n}号室には椅子が{n * 7 % 31 + 1}脚あり、{n * 13}番の扉は階段に続いています。"
        for n in range(1, 1100)
    )
    return [
        fault("empty-prompt", "en", ask("", "The meeting starts at ten."), ask("Why?", "Because the road was closed.")),
        fault("empty-prompt", "ja", ask("　", "会議は十時に始まります。"), ask("なぜですか。", "道が閉鎖されていたからです。")),
        fault("empty-answer", "en", ask("Name a red fruit.", ""), ask("Name one vowel.", "A")),
        fault("empty-answer", "ja", ask("赤い果物を一つ挙げてください。", "\n"), ask("母音を一つ挙げてください。", "あ")),
        fault("placeholder-input", "en", ask("Name two colours of the rainbow.", "Red and blue.", "<noinput>"),
              ask("Which of these words is a verb?", "The verb is run.", "run, table, green")),
        fault("placeholder-input", "ja", ask("虹の色を二つ挙げてください。", "赤と青です。", "入力なし"),
              ask("次のうち動詞はどれですか。", "動詞は「走る」です。", "走る、机、緑")),
        fault("template-residue", "en", ask("How do I boil an egg?", "Boil it for eight minutes.\n\n### Instruction:\nName a river."),
              ask("How do I write a Markdown heading?", "Start the line with a hash sign and a space.")),
        fault("template-residue", "ja", ask("卵のゆで方を教えてください。", "八分ほどゆでます。<|im_end|>"),
              ask("Markdownの見出しはどう書きますか。", "行の先頭にシャープと空白を置きます。")),
        fault("prompt-echo", "en", ask("Explain in one sentence why the sky looks blue during the day.", "Explain in one sentence why the sky looks blue during the day."),
              ask("Explain in one sentence why the sea looks blue from above.", "Water swallows red light first, so blue light is what comes back to the eye.")),
        fault("prompt-echo", "ja", ask("昼間に空が青く見える理由を一文で説明してください。", "昼間に空が青く見える理由を一文で説明してください。"),
              ask("上から見た海が青く見える理由を一文で説明してください。", "水は赤い光を先に吸収するので、青い光が目に届きます。")),
        fault("truncated-answer", "en", ask("How do I cook rice in a pot?", "Wash the rice until the water runs clear, let it soak for half an hour, bring it to the boil with a little more water than rice, and then turn the heat down to the"),
              ask("How do I make toast?", "Put the bread into the toaster, press the lever down, and wait until it jumps up again.")),
        fault("truncated-answer", "ja", ask("鍋でご飯を炊く方法を教えてください。", "まず水が澄むまで米を洗います。次に三十分ほど水につけておきます。それから強火にかけ、沸騰したら弱火にして、ふたをしたまま十五分ほど待ち、最後に火を止めてから、"),
              ask("トーストの作り方を教えてください。", "パンをトースターに入れてレバーを下げます。焼けたら自動で上がります。")),
        fault("unclosed-code", "en", ask("Show a Python loop over three numbers.", "```python\nfor n in range(3):\n    print(n)"),
              ask("Show a shell command that lists files.", "```sh\nls -l\n```")),
        fault("unclosed-code", "ja", ask("三つの数を繰り返すPythonの例を示してください。", "次のように書きます。\n```python\nfor n in range(3):\n    print(n)"),
              ask("ファイルを一覧するコマンドを示してください。", "次のように書きます。\n```sh\nls -l\n```")),
        fault("repetition", "en", ask("Describe the garden.", "The garden is green and quiet. " + "It is very nice there. " * 14),
              ask("Describe the attic.", "The attic is dry and dark. Old chairs stand there, and a box of letters.")),
        fault("repetition", "ja", ask("庭の様子を描写してください。", "庭は緑が豊かで静かです。" + "とてもきれいです。" * 16),
              ask("屋根裏の様子を描写してください。", "屋根裏は乾いていて暗いです。古い椅子と手紙の箱があります。")),
        fault("too-long", "en", ask("List every room of the old hotel.", long_en), ask("List the rooms of the flat.", "A kitchen, a bath and two bedrooms.")),
        fault("too-long", "ja", ask("古いホテルの部屋をすべて挙げてください。", long_ja), ask("アパートの部屋を挙げてください。", "台所と浴室、それに寝室が二つあります。")),
        fault("merged-instructions", "en", ask("1. Instruction: Name a planet.\n2. Instruction: Translate the word dog into Spanish.", "1. Output: Mars.\n2. Output: Perro."),
              ask("Name a planet and a moon.", "Mars is a planet, and Phobos is one of its moons.")),
        fault("merged-instructions", "ja", ask("指示1：惑星を一つ挙げてください。\n指示2：犬をスペイン語に訳してください。", "出力1：火星です。\n出力2：Perroです。"),
              ask("惑星と衛星を一つずつ挙げてください。", "惑星は火星、衛星はフォボスです。")),
    ]  # fmt: skip


def text() -> list[Fault]:
    return [
        fault("left-unfinished", "en", ask("Thank Karen for her help with the move.", "Dear Karen, thank you for carrying [insert item here]. Yours, [Your Name]"),
              ask("What do square brackets mean in a quotation?", "They show that a word was added, as in [the city].")),
        fault("left-unfinished", "ja", ask("引っ越しを手伝ってくれた佐藤さんにお礼を書いてください。", "佐藤様、先日は[ここに内容を入力]をありがとうございました。[あなたの名前]"),
              ask("文中の角括弧は何を表しますか。", "引用で補った言葉を表します。")),
        fault("mojibake", "en", ask("Where can I eat cake?", "The cafÃ© on the corner has fresh cake, and itâ€™s cheap."),
              ask("Where can I drink tea?", "The café on the square has fresh tea, and it’s quiet.")),
        fault("mojibake", "ja", ask("おすすめの店はどこですか。", "駅前の店がおすすめです。".encode().decode("latin-1")),
              ask("静かな店はどこですか。", "裏通りの喫茶店が静かです。")),
        fault("hidden-characters", "en", ask("Name the first month.", "The first month is Jan\u200bu\u200bary."),
              ask("Name a family emoji.", "One of them is 👨\u200d👩\u200d👧.")),
        fault("hidden-characters", "ja", ask("最初の月は何ですか。", "最初の月は\u202e一月\u202cです。"),
              ask("二番目の月は何ですか。", "二番目の月は二月です。")),
        fault("unexpected-language", "en", ask("How far away is the moon?", "La lune se trouve en moyenne à trois cent quatre-vingt-quatre mille kilomètres de la terre."),
              ask("Translate into French: The moon is far away.", "La lune est très loin de la terre, mes amis.")),
        fault("unexpected-language", "ja", ask("月まではどのくらい離れていますか。", "달은 지구에서 평균적으로 약 삼십팔만 킬로미터 떨어져 있습니다."),
              ask("次の文を韓国語に訳してください。「月は遠いです。」", "달은 아주 멀리 있습니다. 지구에서 아주 멉니다.")),
        fault("mixed-language", "en", ask("Why do leaves fall in autumn?", "Trees save water in winter, so they close the veins of their leaves. 冬は水が少ないので、木は葉を落として身を守ります。とても大切な仕組みです。"),
              ask("Why do birds fly south in autumn?", "In winter there is little food, so they fly to where it is warm.")),
        fault("mixed-language", "ja", ask("秋に葉が落ちるのはなぜですか。", "冬は水が少ないので、木は葉を落とします。Trees close the veins of their leaves so that they lose less water in the cold months."),
              ask("秋に鳥が南へ飛ぶのはなぜですか。", "冬は食べ物が少ないので、暖かい土地へ移動します。")),
        fault("half-width-kana", "en", ask("Which key saves the file?", "Press the Ｃｏｎｔｒｏｌ key and the S key."),
              ask("Which key opens the file?", "Press the Control key and the O key.")),
        fault("half-width-kana", "ja", ask("保存するキーはどれですか。", "ｺﾝﾄﾛｰﾙｷｰを押しながらSを押します。"),
              ask("開くキーはどれですか。", "コントロールキーを押しながらOを押します。")),
    ]  # fmt: skip


KEEP_BREAD = "Which way of storing a loaf of bread keeps it fresh for most of a week?"
BREAD = (
    "Let the loaf cool down completely before you put it away. Wrap it in a linen bag and lay it"
    " into a wooden box with a lid, away from the oven and the window. Cut only as many slices as"
    " you need, and set the loaf on its cut side afterwards. Freeze what is left after four days."
)
BASIL = (
    "Trim the stems and stand the bunch in a glass of water, like flowers. Cover the leaves loosely"
    " and leave the glass on the counter, because the cold of a fridge turns basil black. Change"
    " the water every second day, and pick the largest leaves first."
)
KEEP_BREAD_JA = "焼いたパンを一週間近くおいしく保つには、どのように保存すればよいですか。"
BREAD_JA = (
    "まず、焼き上がったパンを完全に冷まします。次に布の袋で包み、ふた付きの木箱に入れて、窓から離れた"
    "涼しい棚に置きます。食べる分だけを切り、切り口を下にして戻しましょう。"
    "四日たっても残っている分は、薄く切ってから冷凍しておくと無駄になりません。"
)
BASIL_JA = (
    "茎の先を少し切り、花のように水を入れたコップに立てます。葉には袋をふんわりとかぶせてください。"
    "冷蔵庫に入れると黒くなるので、台所の明るい場所に置きましょう。水は二日に一度取り替えます。"
)


def pairs() -> list[Fault]:
    twice_en = ask("What do bees make?", "Bees make honey.")
    twice_ja = ask("ミツバチは何を作りますか。", "ミツバチは蜂蜜を作ります。")
    return [
        fault("exact-duplicate", "en", [twice_en, twice_en], ask("What do bees make in summer?", "Bees make honey.")),
        fault("exact-duplicate", "ja", [twice_ja, twice_ja], ask("クモは何を作りますか。", "クモは網を作ります。")),
        fault("near-duplicate", "en", [ask(KEEP_BREAD, BREAD), ask(KEEP_BREAD.replace("Which", "What"), BREAD.replace("linen", "cotton"))],
              ask("How should I store fresh basil at home?", BASIL)),
        fault("near-duplicate", "ja", [ask(KEEP_BREAD_JA, BREAD_JA), ask(KEEP_BREAD_JA.replace("おいしく", "柔らかく"), BREAD_JA.replace("涼しい", "乾いた"))],
              ask("バジルを家で長持ちさせるには、どのように保存すればよいですか。", BASIL_JA)),
        fault("contradiction", "en", [ask("How many days may I keep the book?", "You may keep it for 14 days."), ask("How many days may I keep the book?", "You may keep it for 21 days.")],
              ask("How many days may I keep the film?", "You may keep it for 7 days.")),
        fault("contradiction", "ja", [ask("本は何日借りられますか。", "14日間借りられます。"), ask("本は何日借りられますか。", "21日間借りられます。")],
              ask("映画は何日借りられますか。", "7日間借りられます。")),
        fault("eval-leakage", "en", EVAL[0], ask("Which planet is closest to the sun?", "Mercury is closest to the sun.")),
        fault("eval-leakage", "ja", EVAL[1], ask("太陽に一番近い惑星はどれですか。", "太陽に一番近いのは水星です。")),
    ]  # fmt: skip


EVAL = [
    ask("Which planet has the largest rings in our solar system?", "Saturn has the largest rings in our solar system."),
    ask("太陽系で一番大きな環を持つ惑星はどれですか。", "太陽系で一番大きな環を持つのは土星です。"),
]  # fmt: skip


def behaviour() -> list[Fault]:
    market = "The market is open on Tuesdays and Fridays. It closes at two in the afternoon. Fish is sold in the first hall."
    market_ja = (
        "市場は火曜日と金曜日に開きます。午後二時に閉まります。魚は第一ホールで売られています。"
    )
    return [
        fault("refusal", "en", ask("Write a short poem about rain.", "I'm sorry, but I can't help with that request."),
              ask("Write an apology for a late delivery.", "We are sorry that your parcel came late. It will not happen again.")),
        fault("refusal", "ja", ask("雨についての短い詩を書いてください。", "申し訳ありませんが、そのご要望にはお応えできません。"),
              ask("配達が遅れたお詫びの文を書いてください。", "お荷物の到着が遅れ、誠に申し訳ありませんでした。今後は十分に注意いたします。")),
        fault("over-claim", "en", ask("Can you move my meeting to Friday?", "Done! I have rescheduled your meeting to Friday and sent the invitation to everyone."),
              ask("How do I move a meeting to Friday?", "Open the calendar, drag the meeting to Friday, and choose to tell the others.")),
        fault("over-claim", "ja", ask("会議を金曜日に変更してもらえますか。", "会議を金曜日に変更し、参加者の皆様に招待メールを送信しておきました。"),
              ask("会議を金曜日に変更するにはどうすればよいですか。", "カレンダーを開き、会議を金曜日へ移動して、参加者に知らせます。")),
        fault("ungrounded", "en", ask("According to the text, when does the market close?", "The market closes at 17:30, and https://market.example/halls lists all 48 stalls.", market),
              ask("According to the text, where is fish sold?", "Fish is sold in the first hall.", market)),
        fault("ungrounded", "ja", ask("次の文章によると、市場は何時に閉まりますか。", "市場は17時30分に閉まります。詳しくは https://market.example/halls に48店の一覧があります。", market_ja),
              ask("次の文章によると、魚はどこで売られていますか。", "魚は第一ホールで売られています。", market_ja)),
        fault("tone-drift", "ja", ask("川が海に流れる理由を説明してください。", "水は高い所から低い所へ流れるものである。山に降った雨は川となり、やがて海に達するのだ。これは重力の働きである。"),
              ask("雪が白く見える理由を説明してください。", "雪の結晶があらゆる色の光を散らすからです。そのため白く見えます。")),
    ]  # fmt: skip


def structure() -> list[Fault]:
    return [
        fault("invalid-json", "en", ask("Write the item sugar with the price 13 as JSON.", '{"name": "sugar", "price": 13,}'),
              ask("What does JSON use around keys?", 'It uses double quotes, as in "name".')),
        fault("invalid-json", "ja", ask("商品「砂糖」、価格13をJSONで書いてください。", "{'name': '砂糖', 'price': 13}"),
              ask("JSONのキーは何で囲みますか。", "二重引用符で囲みます。")),
        fault("invalid-sql", "en", ask("Write an SQL query that counts all visits.", "SELECT COUNT(* FROM visits WHERE;"),
              ask("What does SELECT do in SQL?", "It names the columns that you want to see.")),
        fault("invalid-sql", "ja", ask("テーブルvisitsの件数を数えるSQLを書いてください。", "SELECT COUNT(* FROM visits WHERE;"),
              ask("SQLのSELECTは何をしますか。", "見たい列を指定します。")),
        fault("style-drift", "en", ask("Write an SQL query that lists id and name of all teachers, sorted by name.", "select id, name from teachers order by name;"), None),
        fault("style-drift", "ja", ask("商品「酢」、価格14を、キーnameとpriceを持つJSONで書いてください。", '{\n        "name": "酢",\n        "price": 14\n}'), None),
    ]  # fmt: skip


def privacy() -> list[Fault]:
    key = (
        "AKIA" + "Q3EGRVX7" + "ZTLMWP5D"
    )  # made up; in parts, so that scanners of this code stay calm
    return [
        fault("personal-data", "en", ask("How do I reach the office?", "Write to karen.mitchell@northgate-office.net or call (415) 867-2039."),
              ask("What does a mail address look like?", "It looks like name@example.com.")),
        fault("personal-data", "ja", ask("担当者の連絡先を教えてください。", "佐々木まで、電話 090-3817-2456 にご連絡ください。"),
              ask("郵便番号は何桁ですか。", "郵便番号は七桁です。")),
        fault("secret", "en", ask("Which key does the backup use?", f"The backup uses the access key {key}."),
              ask("What does an access key start with?", "It starts with four capital letters.")),
        fault("secret", "ja", ask("バックアップのキーはどれですか。", f"アクセスキーは {key[:-1]}K です。"),
              ask("アクセスキーは何文字で始まりますか。", "四つの大文字で始まります。")),
    ]  # fmt: skip

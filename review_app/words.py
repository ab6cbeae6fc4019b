"""Words: a text cut where a reader would cut it, so that a difference never splits a word.

Japanese has no blanks, and a dictionary would be a large thing for brackets in a difference; so it
is cut where the script changes: kanji keep the hiragana that end the word (完成しました is one),
but for a lone particle (会社|は); を always stands alone, and so does a number before its counter.
"""

from __future__ import annotations

import re

NUMBER = "[〇一二三四五六七八九十百千万億兆]+(?=[年月日時秒人名個円回本枚件歳倍割つ])"
PARTICLE = "[はがにでともの](?![ぁ-ゖ])"
HIRAGANA = "[ぁ-ゑん-ゖ]+"  # without を
WORD = re.compile(
    rf"{NUMBER}|(?:(?!{NUMBER})[㐀-鿿豈-﫿々〆ヶ])+(?:(?!{PARTICLE}){HIRAGANA})?|を|{HIRAGANA}|[ァ-ヺー]+"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|.",
    re.DOTALL,
)


def words(text: str) -> list[str]:
    """The words and what stands between them; joined they are the text."""
    return WORD.findall(text)

"""Words: a text cut where a reader would cut it, so that a difference never splits a word.

Japanese has no blanks, and a dictionary would be a large thing for brackets in a difference; so it
is cut where the script changes: kanji keep the hiragana that end the word (完成しました is one),
but for a lone particle (会社|は); を always stands alone, and so does a number before its counter.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from curate.content.diff import Segment

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


def differences(before: str, after: str) -> list[Segment]:
    """What both say, what only the first says (gone), and what only the second says (new)."""
    old, new = words(before), words(after)
    made = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(Segment("same", "".join(old[i:j])))
            continue
        made += [Segment("gone", "".join(old[i:j])), Segment("new", "".join(new[k:m]))]
    return [segment for segment in made if segment.text]

"""Words beside the content of a request: courtesy, and words that join or qualify, in about thirty languages.

Signs alone do not show that in "Sort these words: banana apple please" the last word is courtesy, or that "and" in
"banana and apple" is no item.
"""

from __future__ import annotations

import re
from typing import Final

_COURTESY: Final = """
please; pls; plz; thanks; thank you; thx; cheers; kindly; hi; hello; hey
bitte; danke; danke schön; vielen dank; hallo
s'il vous plaît; s’il vous plaît; s'il te plaît; s’il te plaît; svp; stp; merci; bonjour
por favor; gracias; hola; obrigado; obrigada; olá; si us plau; gràcies
per favore; per piacere; per cortesia; grazie; ciao
alsjeblieft; alstublieft; aub; bedankt; dank je; dank u
proszę; dziękuję; prosím; děkuji; díky; ďakujem; molim; hvala
пожалуйста; спасибо; привет; будь ласка; дякую; моля; благодаря; молим; хвала
tack; snälla; vänligen; takk; tak; venligst; vær så snill; kiitos; ole hyvä; palun; lūdzu; prašau
lütfen; teşekkürler; teşekkür ederim; παρακαλώ; ευχαριστώ; kérem; köszönöm; vă rog; te rog; mulțumesc
请; 請; 谢谢; 謝謝; 拜托; 麻烦; ください; お願いします; おねがいします; ありがとう; ありがとうございます
부탁해요; 부탁합니다; 부탁드립니다; 감사합니다; 고마워
من فضلك; شكرا; لو سمحت; لطفا; בבקשה; תודה; कृपया; धन्यवाद; দয়া করে; ধন্যবাদ; தயவுசெய்து; நன்றி
vui lòng; làm ơn; cảm ơn; tolong; silakan; terima kasih; tafadhali; asante; กรุณา; ขอบคุณ
"""  # noqa: RUF001 - both apostrophes are written
_PHRASES: Final = sorted(filter(None, map(str.strip, re.split(r"[;\n]", _COURTESY))), key=len, reverse=True)
_PHRASE: Final = "|".join(map(re.escape, _PHRASES))
_LONGEST: Final = len(_PHRASES[0]) + 8
_SPACED: Final = r"[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]"
"""A letter or digit of a script that has spaces between words: Chinese, Japanese and Thai have none."""
_FIRST: Final = re.compile(rf"[\W_]*(?:{_PHRASE})(?!{_SPACED})", re.IGNORECASE)
_LAST: Final = re.compile(rf"(?<!{_SPACED})(?:{_PHRASE})[\W_]*\Z", re.IGNORECASE)

_JOINING: Final = frozenset(
    """
    and or nor but not no without with except plus then also in into to from by for of at on as
    und oder mit ohne nicht sowie et ou avec sans puis con sin ni com sem não ed senza oppure en met zonder niet
    oraz lub bez nie nebo или без не та або och eller med utan og uden ja tai ve veya ile και vagy és și sau
    أو או और या 和 与 與 及 或 と や 그리고 và hoặc dan atau dengan
    """.split()  # noqa: RUF001, SIM905 - Cyrillic is meant, and a text of words reads best as one
)
_JOINING_LETTERS: Final = frozenset("eiouyz\u0438\u0456\u0443\u0648\u05d5\u03ae")
"""Words of one letter that mean "and", "or" or "with" in some language, among them Spanish, Polish and Russian."""
_JOINING_INSIDE: Final = re.compile(r"[\u4e0e\u53ca\u548c\u6216\u8207]")
"""Chinese words for "and" and "or", which stand between items without spaces."""
_TOKEN: Final = re.compile(r"[^\s.,:;!?()\[\]\"\u3001\u3002\uff0c]+")


def begins_with_courtesy(text: str) -> bool:
    """Whether a text begins with a greeting, a plea or thanks."""
    return _FIRST.match(text) is not None


def ends_with_courtesy(text: str) -> bool:
    """Whether a text ends in a greeting, a plea or thanks."""
    return _LAST.search(text, max(0, len(text) - _LONGEST)) is not None


def has_connective(text: str) -> bool:
    """Whether a text of several words holds one that joins or qualifies others, such as "and" or "without"."""
    words = _TOKEN.findall(text)
    if len(words) > 1 and not _JOINING_LETTERS.isdisjoint(words):
        return True
    return _JOINING_INSIDE.search(text) is not None or not _JOINING.isdisjoint(map(str.lower, words))

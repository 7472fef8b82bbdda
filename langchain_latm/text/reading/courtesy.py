"""Courtesy: phrases that never change what a request asks.

They are a closed class, so a list can hold them. A phrase that is missing here costs one call of a judging model, since
nothing else may be left out of a request; it never causes a wrong answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from langchain_latm.text.lexing.words import MARKS, is_unspaced

_GREETINGS: Final = """
hi; hello; hey; dear all; hi there; hello there; good morning; good afternoon; good evening; good day; greetings
hallo; guten tag; guten morgen; guten abend; servus; moin; grüezi; liebe alle; hoi; goedendag; goedemorgen
bonjour; bonsoir; salut; hola; buenos días; buenas tardes; buenas noches; buenas; olá; bom dia; boa tarde
ciao; buongiorno; buonasera; salve; bon dia; bună; bună ziua; γεια; γεια σας; καλημέρα
cześć; dzień dobry; ahoj; dobrý den; dobar dan; bok; zdravo; szia; sziasztok; jó napot; привет; здравствуйте
добрый день; привіт; добрий день; здравей; здравейте; hej; hejsan; god dag; hei; moikka; terve; tere; labas; sveiki
merhaba; selam; günaydın; iyi günler; سلام; مرحبا; السلام عليكم; أهلا; שלום; היי; नमस्ते; नमस्कार; হ্যালো; வணக்கம்
xin chào; chào bạn; halo; selamat pagi; selamat siang; kamusta; habari; hujambo; สวัสดี; สวัสดีครับ; สวัสดีค่ะ
你好; 您好; 大家好; 早上好; 你们好; こんにちは; おはようございます; こんばんは; 안녕하세요; 안녕
"""  # noqa: RUF001
_APOLOGIES: Final = """
excuse me; pardon; pardon me; sorry; entschuldigung; entschuldige; entschuldigen sie; verzeihung; excusez-moi
excuse-moi; disculpe; disculpa; perdón; perdone; perdona; desculpe; desculpa; com licença; scusi; scusa; mi scusi
perdoni; disculpi; perdoneu; scuze; scuzați; neem me niet kwalijk; przepraszam; promiňte; prepáčte; oprostite
извините; простите; вибачте; перепрошую; извинете; ursäkta; undskyld; unnskyld; anteeksi; vabandust; atvainojiet
atsiprašau; affedersiniz; συγγνώμη; με συγχωρείτε; elnézést; bocsánat; عفوا; عذرا; المعذرة; ببخشید; סליחה
क्षमा करें; माफ़ कीजिए; মাফ করবেন; மன்னிக்கவும்; xin lỗi; maaf; permisi; paumanhin; samahani; ขอโทษ; 打扰一下; 打扰了
不好意思; 抱歉; すみません; すみませんが; すいません; 恐れ入りますが
恐れ入ります; 失礼します; 申し訳ありませんが; 恐縮ですが
실례합니다; 실례지만; 죄송합니다; 죄송하지만
"""
_OPENERS: Final = """
tell me; sag mir; sag mal; sagen sie mir; dis-moi; dites-moi; dime; dígame; diga-me; me diga; dimmi; mi dica; zeg me
zeg eens; powiedz mi; řekni mi; скажи; скажите; подскажите; скажіть; säg mig; sig mig; kerro minulle; söyle; πες μου
mondd meg; spune-mi; أخبرني; قل لي; بگو; תגיד לי; बताओ; बताइए; बताइये; বলুন; கூறுங்கள்; cho tôi biết; beri tahu saya
question; quick question; frage; kurze frage; une question; pregunta; una pregunta; domanda; pergunta; vraag; pytanie
вопрос; سؤال; सवाल; प्रश्न; 问题; 請教; 질문; 質問
告诉我; 告訴我; 教えて; 教えてください; 알려줘; 알려주세요
"""
"""Words that ask for an answer, before a mark: "Tell me, how many ...?"."""
_CARRIERS: Final = """
can you; could you; would you; will you; can you please; could you please; would you please; will you please
i need you to; i want you to; i would like you to; i'd like you to
帮我; 幫我; 请帮我; 請幫我; 麻烦你; 麻烦您; 请你; 请您
"""
"""Words before an instruction that do not change it: in English and Chinese, the verb keeps its form without them."""
_PLEAS: Final = """
please; pls; plz; kindly; bitte; s'il vous plaît; s'il te plaît; svp; stp; por favor; si us plau
per favore; per piacere; per cortesia; alsjeblieft; alstublieft; aub; proszę; prosím; molim
пожалуйста; будь ласка; моля; молим; snälla; vänligen; venligst; vær så snill; ole hyvä; palun; lūdzu; prašau
lütfen; παρακαλώ; kérem; vă rog; te rog; 请; 請; 请问; 請問; 劳驾; 拜托; 麻烦
ください; 下さい; お願いします; おねがいします
부탁해요; 부탁합니다; 부탁드립니다; من فضلك; لو سمحت; لطفا; בבקשה; कृपया; দয়া করে; தயவுசெய்து
vui lòng; làm ơn; tolong; silakan; tafadhali; กรุณา
"""
_THANKS: Final = """
thanks; thank you; thx; cheers; many thanks; thanks a lot; thank you very much; danke; danke schön; vielen dank; merci
merci beaucoup; gracias; muchas gracias; obrigado; obrigada; gràcies; grazie; grazie mille; bedankt; dank je; dank u
dziękuję; dzięki; děkuji; díky; ďakujem; hvala; спасибо; дякую; благодаря; хвала; tack; takk; tak; kiitos
teşekkürler; teşekkür ederim; ευχαριστώ; köszönöm; köszi; mulțumesc; 谢谢; 謝謝; 多谢; ありがとう; ありがとうございます
감사합니다; 고마워; شكرا; תודה; धन्यवाद; ধন্যবাদ; நன்றி; cảm ơn; terima kasih; asante; ขอบคุณ
thank you so much; thanks so much; much appreciated; besten dank; herzlichen dank; lieben dank; tausend dank
mil gracias; merci bien; grand merci; muito obrigado; muito obrigada; mille grazie; hartelijk dank; dank je wel
dank u wel; tusen takk; mange tak; tack så mycket; dziękuję bardzo; díky moc; большое спасибо; дуже дякую
çok teşekkürler; çok teşekkür ederim
شكرا جزيلا; شكرا لك; बहुत धन्यवाद; बहुत-बहुत धन्यवाद; शुक्रिया; 非常感谢; 谢谢你; 谢谢您; どうも; どうもありがとう
ありがとうございました; 고맙습니다; 대단히 감사합니다
thanks in advance; many thanks in advance; thank you in advance; danke im voraus; vielen dank im voraus; merci d'avance
gracias de antemano; obrigado desde já; grazie in anticipo; alvast bedankt; z góry dziękuję; заранее спасибо
спасибо заранее; tack på förhand; på forhånd tak; kiitos etukäteen; şimdiden teşekkürler; 先谢谢了
"""

_NEAR: Final = 120
"""Number of characters at each end of a text that are examined."""
_COUNTS: Final = (1, 2, 3, 4)
"""Lengths of the phrases, in words."""
_SPACES: Final = re.compile(r"[\s,.;:!?…。、！？،؟।]+")  # noqa: RUF001
_JOINING_MARKS: Final = r"\s,;\u3001\uff0c\u060c\u061b"
_ENDING_MARKS: Final = r".!\u2026\u3002\uff01\u0964"


def folded(text: str) -> str:
    """Return a text normalised for comparison: composed, case-folded, with straight apostrophes."""
    return unicodedata.normalize("NFC", text).casefold().replace("\u2019", "'")


def phrases(text: str, separator: str | None = None) -> Iterable[str]:
    """Return the phrases of a list, which are separated by a separator or line breaks."""
    return filter(None, map(str.strip, folded(text).replace("\n", separator or "\n").split(separator)))


def _pattern(*lists: str) -> str:
    """Return a pattern of phrases in any case; in scripts with spaces, of whole words."""
    each = sorted({phrase for listed in lists for phrase in phrases(listed, ";")}, key=len, reverse=True)
    unspaced = "|".join(map(re.escape, filter(is_unspaced, each)))
    spaced = "|".join(re.escape(phrase).replace("'", "['\u2019]") for phrase in each if not is_unspaced(phrase))
    return rf"(?:(?<![\w{MARKS}])(?:{spaced})(?![\w{MARKS}'-])|{unspaced})"


_FIRST: Final = re.compile(
    rf"\s*(?:{_pattern(_GREETINGS, _THANKS, _PLEAS, _APOLOGIES, _OPENERS)}[{_JOINING_MARKS}{_ENDING_MARKS}:]+"
    rf"|{_pattern(_PLEAS, _CARRIERS)}\s*)",
    re.IGNORECASE,
)
_LAST: Final = re.compile(
    rf"[{_JOINING_MARKS}\u2013\u00a1-]*{_pattern(_THANKS, _PLEAS, _GREETINGS)}[{_JOINING_MARKS}{_ENDING_MARKS}]*"
    r"(?=[?\uff1f\u061f]?\s*\Z)",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(rf"(?:,\s*)?{_pattern(_PLEAS)}(?:,(?=\s))?", re.IGNORECASE)

_COURTEOUS: Final = frozenset(
    phrase for listed in (_GREETINGS, _PLEAS, _THANKS, _APOLOGIES) for phrase in phrases(listed, ";")
)
_UNSPACED: Final = tuple(filter(is_unspaced, _COURTEOUS))


def begins_with_courtesy(text: str) -> bool:
    """Whether a text begins with a greeting, a plea or thanks."""
    near = folded(text[:_NEAR]).lstrip(" \t\n\"'¡¿-(")
    words = list(filter(None, _SPACES.split(near)))
    return near.startswith(_UNSPACED) or any(" ".join(words[:count]) in _COURTEOUS for count in _COUNTS)


def ends_with_courtesy(text: str) -> bool:
    """Whether a text ends in a greeting, a plea or thanks."""
    near = folded(text[-_NEAR:]).rstrip(" \t\n\"'.!?)…。！")  # noqa: RUF001
    words = list(filter(None, _SPACES.split(near)))
    return near.endswith(_UNSPACED) or any(" ".join(words[-count:]) in _COURTEOUS for count in _COUNTS)


def courtesies_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where courtesy begins and ends near the ends of a text, with the marks that belong to it.

    At the beginning it may be a plea, or any phrase followed by a mark; at the end, any phrase; elsewhere, only a plea:
    "Say hello in French" does not ask for the same as "Say in French".
    """
    begin = 0
    while (found := _FIRST.match(text, begin, _NEAR)) is not None:
        yield found.span()
        begin = found.end()
    tail = max(begin, len(text) - _NEAR)
    last = _LAST.search(text, tail)
    for start, end in ((begin, min(_NEAR, tail)), (tail, len(text) if last is None else last.start())):
        for found in _WITHIN.finditer(text, start, end):
            yield found.span()
    if last is not None:
        yield last.span()

"""Words that are not data: words that join or exclude items, and words that change what is asked.

Punctuation alone does not show that "and" in "banana and apple" is not an item, or "descending" at the end of a list of
fruit. A word that is missing here is read as data.

Measured: without the words of courtesy, parsers wrongly read 22 % of 2,784 requests with courtesy added to a list;
without the words and endings that change what is asked, 19 % of 24,336 requests with a change added. With them, they
read none and 2 of these, and 2.5 % of 13,296 changes by other words. The cost is 1 % of the requests of 150 kinds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.words import WORD, is_unspaced
from langchain_latm.text.reading.courtesy import folded, phrases

_JOINING: Final = """
and or nor but not no never without with except plus then also in into to from by per for of at on as than
und oder mit ohne nicht kein keine sowie als auf bis im nach et ou avec sans puis par selon comme con sin ni por según
como com sem não ed senza oppure per secondo come en met zonder niet op oraz lub bez nie według od nebo podle или без не
та або по от och eller med utan efter som og uden etter ja tai ve veya ile και vagy és și sau
أو او या और 和 与 與 及 或 と や 그리고 và hoặc dan atau dengan
"""  # noqa: RUF001
_JOINING_LETTERS: Final = frozenset("eiouyz\u0438\u0456\u0443\u0648\u05d5\u03ae")
"""Words of one letter that mean "and", "or" or "with" in some language, such as Spanish, Polish or Russian."""
_JOINING_INSIDE: Final = re.compile(r"[\u4e0e\u53ca\u548c\u6216\u8207]")
"""Chinese words for "and" and "or", which join items without spaces."""

_CHANGING: Final = """
ascend* descend* asc desc increas* decreas* revers* backward* invert* alphabet* random* shuffl* sorted ordered ranked
grouped upper lower upper-case lower-case uppercas* lowercas* capitali* caps titlecas* unique* distinct* dedup*
duplicat* repeat* doubled tripled twice thrice squared cubed halved round* numbered bullet* hyphenat* abbreviat*
translat* plural* singular* negat* exclud* includ* omit* skip* ignor* remov* only instead again first last longest
shortest top all step line largest smallest biggest highest lowest case exact* approximat* brief* concise* explain*
explanation* json csv xml
markdown separated joined counted insensitive* percentage* hexadecimal* binary
absteigend* aufsteigend* fallend* steigend* rückwärts umgekehrt* verkehrt* sortier* geordnet* nummerier* zufällig*
großgeschrieben* kleingeschrieben* großbuchstabe* kleinbuchstabe* eindeutig* einmalig* doppelt* duplikat* dublett*
zweimal dreimal verdoppel* quadrier* gerundet* nur stattdessen nochmal* übersetz* mehrzahl einzahl außer ignorier*
zuerst zuletzt erste* längste* kürzeste* größte* kleinste* erklär* begründ* ausführlich* getrennt
décroiss* croiss* envers rebours alphabét* trié* ordonné* numérot* aléatoire* mélang* majuscul* minuscul* uniqu*
doublon* fois carré* arrondi* seulement plutôt répét* tradui* pluriel* singulier* sauf hormis premier* dernier*
expliq*
decrec* crec* decresc* cresc* revés contrari* contrário invers* alfab* orden* ordin* numerad* numerat* aleator*
mayúscul* minúscul* maiúscul* maiuscol* minuscol* únic* unic* distint* duplic* doble* veces vezes volte cuadrad*
redond* arredond* arrotond* solo sólo solamente somente soltanto traduc* traduz* excepto salvo exceto eccetto tranne
primer* primeir* explic* spiega* spiegazion* rovesci* discend*
aflopend* oplopend* dalend* stijgend* omgekeerd* achterstevoren gesorteerd* genummerd* hoofdletter* uniek* dubbel*
tweemaal keer afgerond* alleen behalve vertaal* meervoud enkelvoud uitleg*
malejąc* rosnąc* odwrot* odwróc* wspak końca posort* ponumer* losow* wielkimi literami unikal* powtórz* dwukrot*
podwój* zaokrągl* tylko oprócz przetłum* wyjaśn* razy sestupn* vzestupn* zostupn* obrácen* opačn* pozpátku abeced*
velkými dvakrát zaokrouhl* pouze kromě
убыван* возрастан* наоборот обратн* задом алфавит* сортир* отсортир* пронумер* случайн* заглавн* прописн* строчн*
уникальн* повтор* дважды трижды округл* только кроме перевед* объясн* спадан* зростан* навпаки зворотн* великими двічі
лише крім
fallande stigande faldende stigende synkende omvänd* omvendt* baklänges baglæns baklengs versal* dubbl* gånger gange
avrund* afrund* bara endast kun laskeva* nouseva* käänte* takaperin aakkos* kahdesti vain
azalan artan ters* harf* benzersiz tekrar* yuvarla* sadece yalnızca hariç csökken* növekv* fordítv* visszafelé
nagybetű* kétszer csak descresc* doar φθίνουσα αύξουσα αντίστροφα ανάποδα κεφαλαία μόνο
अवरोही आरोही उल्ट* उलट* घटते बढ़ते केवल सिर्फ تنازلي* تصاعدي* عكسي* بالعكس فقط مرتين
giảm tăng ngược đảo hoa menurun menaik terbalik kapital hanya
降序 升序 倒序 逆序 反序 反转 反轉 反向 大写 大寫 小写 小寫 去重 两次 兩次 从大到小 从小到大 从长到短
降順 昇順 逆順 逆に 大文字 小文字 重複なし だけ 二回 三回 二度 两遍 三遍 내림차순 오름차순 거꾸로 역순 대문자 소문자
"""  # noqa: RUF001
"""By language: words, or with "*" beginnings of words, for orders, directions, case, repetition, choice, precision and
formats."""

_ENDING: Final = re.compile(
    r"(?<=\w{4})(?<!e)ed$|(?<=\w{4})(?:ly|wise|wards?|és?|weise|isch|iert|mente|(?:qu|ll|iv|al|r)ement)$"
    r"|(?<=\w{5})[ai]d[oa]s?$|^ge(?=\w{4,}t$)|(?<=\w{3})(?:[еа]?нно|ально|ыми?)$"  # noqa: RUF001
)
"""Endings (and one beginning) of participles and adverbs that few nouns have."""
_EDGE: Final = 2
"""Number of words at each end of a text, or of an item, that may change what is asked."""
_NEAR: Final = 120
"""Number of characters at each end of a text that are examined."""
_TOKEN: Final = re.compile(r"[^\s.,:;!?()\[\]\"\u3001\u3002\uff0c]+")


_JOINERS: Final = frozenset(phrases(_JOINING))
_CHANGERS: Final = frozenset(each for each in phrases(_CHANGING) if not each.endswith("*"))
_CHANGER_STEMS: Final = tuple(each[:-1] for each in phrases(_CHANGING) if each.endswith("*"))
_CHANGERS_INSIDE: Final = tuple(filter(is_unspaced, _CHANGERS))


def connectives(text: str) -> set[str]:
    """Return the words of a text that join or exclude others, such as "and" or "without"."""
    words = _TOKEN.findall(folded(text))
    found = {*_JOINERS.intersection(words), *_JOINING_INSIDE.findall(text)}
    return found.union(_JOINING_LETTERS.intersection(_TOKEN.findall(text))) if len(words) > 1 else found


def changing_words(text: str, parts: Sequence[str]) -> set[str]:
    """Return words such as "descending" or "twice" near the ends of a text, or of its first or last item.

    For words in short items that look like participles or adverbs, the ending is returned. A single word is data.
    """
    begin, end = (WORD.findall(folded(near)) for near in (text[:_NEAR], text[-_NEAR:]))
    if len(begin) < 2:  # noqa: PLR2004 - one word is data
        return set()
    first, last = (WORD.findall(folded(part[:_NEAR])) for part in (parts[0], parts[-1]))
    near = (*begin[:_EDGE], *last[:_EDGE], *end[-_EDGE:])
    endings = (_ENDING.search(word) for item in (first, last) if len(item) <= _EDGE for word in item)
    return {*filter(_is_changing, near), *(f"-{ending[0]}" for ending in endings if ending)}


def changing_items(parts: Sequence[str]) -> set[str]:
    """Return such words of all items of a list."""
    items = [WORD.findall(folded(part[:_NEAR])) for part in parts]
    endings = (_ENDING.search(word) for item in items if len(item) <= _EDGE for word in item)
    return {
        *(word for item in items for word in item if _is_changing(word)),
        *(f"-{ending[0]}" for ending in endings if ending),
    }


def _is_changing(word: str) -> bool:
    return word in _CHANGERS or word.startswith(_CHANGER_STEMS) or word.endswith(_CHANGERS_INSIDE)

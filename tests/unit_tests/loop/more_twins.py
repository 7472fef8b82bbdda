"""More kinds of request with twins, in languages with and without spaces, from left to right and from right to left.

Twins change a unit, an order, a precision, a letter, or the form, tone or language of the answer; they negate,
restrict, quote the request, or ask for more. Reworded requests ask for the same: with another case, courtesy, marks,
white space, spelling mistakes, or a greeting in another language.
"""

# ruff: noqa: RUF001 - requests in several scripts
from __future__ import annotations

from tests.unit_tests.loop.twins import Kind


def _each(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple((part.strip(),) for part in text.split(";"))


def _pairs(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.split()) for part in text.split(";"))


def _listed(text: str) -> list[str]:
    return text.split(", ")


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.replace("、", ",").replace("，", ",").replace("،", ",").split(",")]


_LISTS = (
    "4, 17, 9; 23, 8, 15, 42; 7, 31, 12; 65, 2, 90, 11; 3, 58, 27; 14, 6, 71; 88, 19, 35, 5; 10, 44, 26; 52, 1, 77; "
    "16, 95, 33, 60"
)
_SIZES = "3 5; 12 7; 9 20; 4 11; 15 6; 8 8; 30 2; 21 13; 6 40; 17 19"
_SINGLE = "3; 12; 7; 45; 9; 120; 31; 2; 66; 18"

MORE_KINDS = (
    Kind(
        "area",
        "en",
        "What is the area of a rectangle that is {} cm wide and {} cm high?",
        _pairs(_SIZES),
        "width: int, height: int",
        "width * height",
        lambda width, height: str(int(width) * int(height)),
        lambda width, height: {"width": int(width), "height": int(height)},
        (
            "What is the area of a triangle that is {} cm wide and {} cm high?",
            "What is the perimeter of a rectangle that is {} cm wide and {} cm high?",
            "What is the area of a rectangle that is {} cm wide and {} m high?",
            "What is the area of a rectangle that is {} cm wide and {} cm high in square metres?",
            "What is the area of a rectangle that is at least {} cm wide and {} cm high?",
            "What is the area of a rectangle that is {} cm wide and {} cm high? And its diagonal?",
            "Explain why this is easy: What is the area of a rectangle that is {} cm wide and {} cm high?",
        ),
        (
            "what is the area of a rectangle that is {} cm wide and {} cm high?",
            "What is the  area of a rectangle that is {} cm wide  and {} cm high?",
            "What is the area of a rectangle that is {} cm wide and {} cm high",
            "Hola! What is the area of a rectangle that is {} cm wide and {} cm high?",
            "What is the area of a rectangle that is {} cm wide and {} cm high? Thanks!",
            "What is the aera of a rectangle that is {} cm wide and {} cm high?",
        ),
    ),
    Kind(
        "ordered",
        "en",
        "Put the following words into alphabetical order: {}",
        _each(
            "pear fig apple; dove crow auk wren; tin zinc iron; red blue teal green; oak elm ash; mars venus io; "
            "kiwi date lime melon; otter seal orca; pen ink nib; salt pepper thyme dill"
        ),
        "words: list[str]",
        '" ".join(sorted(words))',
        lambda text: " ".join(sorted(text.split())),
        lambda text: {"words": text.split()},
        (
            "Put the following words into reverse alphabetical order: {}",
            "Put the following words into alphabetical order by their second letter: {}",
            "Put only the first two of the following words into alphabetical order: {}",
            "Put the following words into alphabetical order: {} backwards",
            "Put the following words into alphabetical order: {} longest-first",
            "Put the following words into alphabetical order: {} - as a numbered list",
            "Put the following words into alphabetical order: {} and count them",
            "Put the following words into alphabetical order: {} sans doublons",
            "Put the following words into alphabetical order: {} everything capitalised",
            "Put the following words into alphabetical order: {} without repeats",
            "Never put the following words into alphabetical order: {}",
            'How long is this text: "Put the following words into alphabetical order: {}"?',
        ),
        (
            "PUT THE FOLLOWING WORDS INTO ALPHABETICAL ORDER: {}",
            "put the following words into alphabetical order: {}",
            "Please put the following words into alphabetical order: {}",
            "Put the following words into alphabetical order:   {}",
            "Put the following words into alphabetical order:\n{}",
            "Bonjour, put the following words into alphabetical order: {}",
            "Put teh following words into alphabetical order: {}",
        ),
    ),
    Kind(
        "initials",
        "en",
        "Give me the initials of the name {}.",
        _each(
            "Ada Lovelace; Alan Turing; Grace Hopper; Edsger Dijkstra; Barbara Liskov; Donald Knuth; Niklaus Wirth; "
            "Frances Allen; Tony Hoare; Radia Perlman"
        ),
        "name: str",
        '"".join(part[0] for part in name.split())',
        lambda text: "".join(part[0] for part in text.split()),
        lambda text: {"name": text},
        (
            "Give me the last letters of the name {}.",
            "Give me the initials of the name {} in lower case.",
            "Give me the initials of the name {}, separated by dots.",
            "Give me only the first initial of the name {}.",
            "Give me the initials of the name {} twice.",
            "Give me the initials of the name {}. Then reverse them.",
            "Do not give me the initials of the name {}.",
        ),
        (
            "give me the initials of the name {}.",
            "Give me the initials of the name {}",
            "Give me the initials of the name {}!",
            "Please, give me the initials of the name {}.",
            "Give me the initials  of the name {}.",
            "Ciao! Give me the initials of the name {}.",
        ),
    ),
    Kind(
        "middle",
        "en",
        "{}: which of these numbers is the median?",
        _each(
            "4, 17, 9; 23, 8, 15; 7, 31, 12; 65, 2, 90; 3, 58, 27; 14, 6, 71; 88, 19, 35; 10, 44, 26; 52, 1, 77; "
            "16, 95, 33"
        ),
        "numbers: list[int]",
        "sorted(numbers)[len(numbers) // 2]",
        lambda text: str(sorted(_numbers(text))[len(_numbers(text)) // 2]),
        lambda text: {"numbers": _numbers(text)},
        (
            "{}: which of these numbers is the mean?",
            "{}: which of these numbers is not the median?",
            "{}: which of these numbers is the median when the largest is dropped?",
            "{}: which of these numbers is the median? Answer in Spanish words.",
            "Double each first. {}: which of these numbers is the median?",
            "{} km: which of these numbers is the median?",
        ),
        (
            "{}: Which of these numbers is the median?",
            "{}: which of these numbers is the median",
            "{} : which of these numbers is the median?",
            "{}: which of these numbers is the median??",
            "Guten Tag, {}: which of these numbers is the median?",
        ),
        _each("5, 62, 40; 13, 21, 2; 47, 36, 91; 8, 70, 29; 11, 64, 20; 9, 83, 54"),
    ),
    Kind(
        "minutes",
        "de",
        "Wie viele Minuten haben {} Stunden?",
        _each(_SINGLE),
        "hours: int",
        "hours * 60",
        lambda text: str(int(text) * 60),
        lambda text: {"hours": int(text)},
        (
            "Wie viele Sekunden haben {} Stunden?",
            "Wie viele Minuten haben {} Tage?",
            "Wie viele Minuten haben mindestens {} Stunden?",
            "Wie viele Minuten haben {} Stunden nicht?",
            "Wie viele Minuten haben {} Stunden, als römische Zahl?",
            "Wie viele Minuten haben {} halbe Stunden?",
            "Wie viele volle Minuten haben {} Stunden minus eine Sekunde?",
        ),
        (
            "wie viele minuten haben {} stunden?",
            "Wie viele Minuten haben {} Stunden",
            "Bitte: Wie viele Minuten haben {} Stunden?",
            "Wie viele Minuten  haben {}  Stunden?",
            "Wie viele Minuten haben {} Stunden? Danke!",
            "Wieviele Minuten haben {} Stunden?",
        ),
    ),
    Kind(
        "turned",
        "de",
        "Nenne diese Tiere in umgekehrter Reihenfolge: {}",
        _each(
            "Hund, Katze, Maus; Pferd, Esel, Kuh, Ziege; Amsel, Drossel, Fink; Hecht, Barsch; Biene, Wespe, Fliege; "
            "Fuchs, Dachs, Igel; Wolf, Bär; Storch, Reiher, Kranich; Otter, Biber, Nutria; Luchs, Marder"
        ),
        "animals: list[str]",
        '", ".join(reversed(animals))',
        lambda text: ", ".join(reversed(_listed(text))),
        lambda text: {"animals": _listed(text)},
        (
            "Nenne diese Tiere in alphabetischer Reihenfolge: {}",
            "Nenne diese Tiere in umgekehrter alphabetischer Reihenfolge: {}",
            "Nenne diese Tiere in umgekehrter Reihenfolge: {}, ohne das erste",
            "Nenne diese Tiere in umgekehrter Reihenfolge: {}, jedes im Plural",
            "Nenne diese Tiere in umgekehrter Reihenfolge: {}, nummeriert",
            "Nenne diese Tiere in umgekehrter Reihenfolge: {}, englisch",
            "Nenne nur zwei dieser Tiere in umgekehrter Reihenfolge: {}",
            "Nenne diese Tiere in umgekehrter Reihenfolge: {}. Welches ist das größte?",
        ),
        (
            "nenne diese Tiere in umgekehrter Reihenfolge: {}",
            "NENNE DIESE TIERE IN UMGEKEHRTER REIHENFOLGE: {}",
            "Nenne diese  Tiere in umgekehrter Reihenfolge:  {}",
            "Nenne bitte diese Tiere in umgekehrter Reihenfolge: {}",
            "Hello, nenne diese Tiere in umgekehrter Reihenfolge: {}",
            "Nenne diese Tiere in umgekehrter Reihenfoge: {}",
        ),
    ),
    Kind(
        "mean",
        "fr",
        "Quelle est la moyenne de ces nombres : {} ?",
        _each(
            "4, 8, 12, 40; 10, 20, 60; 7, 9, 5, 15; 2, 4, 12; 1, 12, 11; 5, 15, 70, 10; 40, 50, 90; 3, 3, 9; "
            "16, 20, 6; 50, 70, 60, 20"
        ),
        "numbers: list[int]",
        "sum(numbers) // len(numbers)",
        lambda text: str(sum(_numbers(text)) // len(_numbers(text))),
        lambda text: {"numbers": _numbers(text)},
        (
            "Quelle est la médiane de ces nombres : {} ?",
            "Quelle est la moyenne des carrés de ces nombres : {} ?",
            "Quelle est la moyenne de ces nombres : {}, avec deux décimales ?",
            "Quelle est la moyenne de ces nombres en toutes lettres : {} ?",
            "Quelle n'est pas la moyenne de ces nombres : {} ?",
            "Quelle est la moyenne de ces nombres : {} ? Et leur somme ?",
            "Quelle est la moyenne de ces nombres pairs : {} ?",
        ),
        (
            "quelle est la moyenne de ces nombres : {} ?",
            "Quelle est la moyenne de ces nombres: {} ?",
            "Quelle est la moyenne de ces nombres : {}?",
            "Bonjour ! Quelle est la moyenne de ces nombres : {} ?",
            "Quelle est la moyenne de ces nombres : {} ? Merci",
            "Quelle est la  moyenne de ces nombres :  {} ?",
        ),
    ),
    Kind(
        "capitals",
        "fr",
        "Écris cette phrase en majuscules : {}",
        _each(
            "le chat dort; il fait beau; la mer est bleue; nous partons demain; une belle maison; le train arrive; "
            "elle chante bien; les enfants jouent; mon frère lit; la porte est ouverte"
        ),
        "sentence: str",
        "sentence.upper()",
        lambda text: text.upper(),
        lambda text: {"sentence": text},
        (
            "Écris cette phrase en minuscules : {}",
            "Écris cette phrase à l'envers en majuscules : {}",
            "Écris cette phrase en majuscules, sans voyelles : {}",
            "Écris le premier mot de cette phrase en majuscules : {}",
            "N'écris pas cette phrase en majuscules : {}",
            "Écris cette phrase en majuscules : {} (en anglais)",
            "Écris cette phrase en majuscules et au pluriel : {}",
        ),
        (
            "écris cette phrase en majuscules : {}",
            "Écris cette phrase en majuscules: {}",
            "Ecris cette phrase en majuscules : {}",
            "S'il te plaît, écris cette phrase en majuscules : {}",
            "Écris  cette phrase en majuscules : {}",
            "Écris cette phrase en majuscules :\n{}",
        ),
    ),
    Kind(
        "how_many_words",
        "es",
        "¿Cuántas palabras tiene la frase «{}»?",
        _each(
            "el perro duerme; hoy llueve mucho en la costa; la luna brilla; me gusta leer por la noche; vamos al cine; "
            "mi casa es pequeña y clara; el tren llega tarde hoy; nadie lo sabe; ella canta muy bien; los niños juegan"
        ),
        "sentence: str",
        "len(sentence.split())",
        lambda text: str(len(text.split())),
        lambda text: {"sentence": text},
        (
            "¿Cuántas letras tiene la frase «{}»?",
            "¿Cuántas palabras distintas tiene la frase «{}»?",
            "¿Cuántas palabras de más de tres letras tiene la frase «{}»?",
            "¿Cuántas palabras no tiene la frase «{}»?",
            "¿Cuántas palabras tiene la frase «{}»? Responde con letras.",
            "¿Cuántas palabras tiene la frase «{}» sin contar la primera?",
        ),
        (
            "¿cuántas palabras tiene la frase «{}»?",
            "¿Cuántas palabras tiene la frase «{}»",
            "¿Cuántas  palabras tiene la frase «{}»?",
            "Por favor, ¿cuántas palabras tiene la frase «{}»?",
            "¿Cuantas palabras tiene la frase «{}»?",
            "¿CUÁNTAS PALABRAS TIENE LA FRASE «{}»?",
        ),
        _each(
            "sí; no hay pan; cada día es un nuevo comienzo para todos; el viento sopla sobre el mar; buenas tardes; "
            "la clase empieza a las nueve en punto; nunca digas nunca; todo va bien; así es la vida aquí; "
            "comemos en casa los domingos"
        ),
    ),
    Kind(
        "ascending_zh",
        "zh",
        "请把这些数字从小到大排列：{}",
        _each(_LISTS),
        "numbers: list[int]",
        '", ".join(map(str, sorted(numbers)))',
        lambda text: ", ".join(map(str, sorted(_numbers(text)))),
        lambda text: {"numbers": _numbers(text)},
        (
            "请把这些数字从大到小排列：{}",
            "请不要把这些数字从小到大排列：{}",
            "请把这些数字去重后从小到大排列：{}",
            "请把这些数字的平方从小到大排列：{}",
            "请把这些数字从小到大排列：{}，只要前两个",
            "请把这些偶数从小到大排列：{}",
            "请把这些数字从小到大排列，用英文回答：{}",
        ),
        (
            "请把这些数字从小到大排列: {}",
            "请把这些数字从小到大排列：{}。",
            "请把这些数字从小到大排列：\n{}",
            "你好！请把这些数字从小到大排列：{}",
            " 请把这些数字从小到大排列：{} ",
            "请把这些数字从小到大排列：{}，谢谢",
        ),
    ),
    Kind(
        "joined_ja",
        "ja",
        "次の単語をハイフンでつないでください：{}",
        _each("犬、猫、馬; 春、夏; 山、川、海; 赤、青、白; 右、左; 東、西、南; 米、麦; 朝、昼、夜; 花、鳥; 雨、雪、風"),
        "words: list[str]",
        '"-".join(words)',
        lambda text: "-".join(text.split("、")),
        lambda text: {"words": text.split("、")},
        (
            "次の単語をコンマでつないでください：{}",
            "次の単語を逆の順にハイフンでつないでください：{}",
            "次の単語をハイフンでつながないでください：{}",
            "次の単語の最初の二つだけをハイフンでつないでください：{}",
            "次の単語をひらがなにしてハイフンでつないでください：{}",
            "次の単語をハイフンでつないでください：{}、二回",
        ),
        (
            "次の単語をハイフンでつないでください: {}",
            "次の単語をハイフンでつないでください：{}。",
            "こんにちは。次の単語をハイフンでつないでください：{}",
            "次の単語をハイフンでつないで下さい：{}",
            "次の単語をハイフンでつないでください：\n{}",
        ),
    ),
    Kind(
        "total_ar",
        "ar",
        "ما هو مجموع هذه الأعداد: {}؟",
        _each(_LISTS),
        "numbers: list[int]",
        "sum(numbers)",
        lambda text: str(sum(_numbers(text))),
        lambda text: {"numbers": _numbers(text)},
        (
            "ما هو متوسط هذه الأعداد: {}؟",
            "ما هو مجموع مربعات هذه الأعداد: {}؟",
            "ما هو مجموع هذه الأعداد الزوجية: {}؟",
            "ما هو ليس مجموع هذه الأعداد: {}؟",
            "ما هو مجموع هذه الأعداد: {} كيلومتر؟",
            "ما هو مجموع هذه الأعداد بدون أكبرها: {}؟",
        ),
        (
            "ما هو مجموع هذه الأعداد: {}",
            "ما هو مجموع هذه الأعداد : {}؟",
            "ما هو مجموع هذه الأعداد: {}?",
            "مرحبا، ما هو مجموع هذه الأعداد: {}؟",
            "ما هو  مجموع هذه الأعداد: {}؟",
            "ما هو مجموع هذه الأعداد: {}؟ شكرا",
        ),
    ),
    Kind(
        "letters_he",
        "he",
        "כמה אותיות יש במילה {}?",
        _each("בית; ילדים; שולחן; ים; מחברת; אור; תפוחים; דלת; חלונות; גן"),
        "word: str",
        "len(word)",
        lambda text: str(len(text)),
        lambda text: {"word": text},
        (
            "כמה אותיות שונות יש במילה {}?",
            "כמה תנועות יש במילה {}?",
            "כמה אותיות אין במילה {}?",
            "כמה אותיות יש במילה {} ברבים?",
            "כמה אותיות יש במילה {} הפוך?",
            "אילו אותיות יש במילה {}?",
        ),
        (
            "כמה אותיות יש במילה {}",
            "כמה  אותיות יש במילה {}?",
            "שלום, כמה אותיות יש במילה {}?",
            "כמה אותיות יש במילה {}? תודה",
            "כמה אותיות יש במילה {} ?",
        ),
        _each("ספר; מנהרה; כדור; אוטובוס; יד; משפחה; עץ; ירושלים; חבר; מטריה; שמש; כלב; ארמונות; לב; מורה"),
    ),
    Kind(
        "largest_hi",
        "hi",
        "इनमें सबसे बड़ी संख्या कौन सी है: {}?",
        _each(_LISTS),
        "numbers: list[int]",
        "max(numbers)",
        lambda text: str(max(_numbers(text))),
        lambda text: {"numbers": _numbers(text)},
        (
            "इनमें सबसे छोटी संख्या कौन सी है: {}?",
            "इनमें सबसे बड़ी सम संख्या कौन सी है: {}?",
            "इनमें सबसे बड़ी संख्या कौन सी नहीं है: {}?",
            "इनमें दूसरी सबसे बड़ी संख्या कौन सी है: {}?",
            "इनमें सबसे बड़ी संख्या का दुगुना क्या है: {}?",
        ),
        (
            "इनमें सबसे बड़ी संख्या कौन सी है: {}",
            "इनमें  सबसे बड़ी संख्या कौन सी है: {}?",
            "नमस्ते, इनमें सबसे बड़ी संख्या कौन सी है: {}?",
            "इनमें सबसे बड़ी संख्या कौन सी है: {}? धन्यवाद",
            "इनमें सबसे बडी संख्या कौन सी है: {}?",
        ),
    ),
    Kind(
        "backwards_tr",
        "tr",
        "Şu kelimeyi tersten yaz: {}",
        _each("elma; kiraz; armut; kavun; üzüm; incir; karpuz; çilek; şeftali; limon"),
        "word: str",
        "word[::-1]",
        lambda text: text[::-1],
        lambda text: {"word": text},
        (
            "Şu kelimeyi büyük harfle yaz: {}",
            "Şu kelimeyi tersten yazma: {}",
            "Şu kelimeyi iki kez tersten yaz: {}",
            "Şu kelimeyi tersten ve büyük harfle yaz: {}",
            "Şu kelimenin yalnız ilk hecesini tersten yaz: {}",
            "Şu kelimeyi tersten yaz: {} çoğul",
        ),
        (
            "şu kelimeyi tersten yaz: {}",
            "Şu kelimeyi tersten yaz : {}",
            "Lütfen şu kelimeyi tersten yaz: {}",
            "Şu  kelimeyi tersten yaz: {}",
            "Merhaba! Şu kelimeyi tersten yaz: {}",
            "Şu kelimeyi tersten yaz:\n{}",
        ),
    ),
    Kind(
        "once_pl",
        "pl",
        "Usuń powtórzenia z tej listy: {}",
        _each(
            "kot, pies, kot; dom, las, dom, pole; sok, mleko, sok; syn, syn, brat; lato, zima, lato; róg, ul, róg; "
            "sól, miód, sól, sól; most, rzeka, most; okno, drzwi, okno; ryba, rak, ryba"
        ),
        "items: list[str]",
        '", ".join(dict.fromkeys(items))',
        lambda text: ", ".join(dict.fromkeys(_listed(text))),
        lambda text: {"items": _listed(text)},
        (
            "Policz powtórzenia z tej listy: {}",
            "Nie usuwaj powtórzeń z tej listy: {}",
            "Usuń powtórzenia z tej listy i posortuj ją: {}",
            "Usuń pierwsze powtórzenie z tej listy: {}",
            "Usuń powtórzenia z tej listy: {}, po angielsku",
            "Usuń powtórzenia z tej listy: {}, od końca",
            "Usuń powtórzenia z tej listy: {}. Ile ich było?",
        ),
        (
            "usuń powtórzenia z tej listy: {}",
            "Usuń powtórzenia z tej listy : {}",
            "Proszę usuń powtórzenia z tej listy: {}",
            "Usuń powtórzenia z  tej listy: {}",
            "Usun powtórzenia z tej listy: {}",
            "USUŃ POWTÓRZENIA Z TEJ LISTY: {}",
        ),
    ),
)

"""The names of months. They are general knowledge: no row has to confirm them."""

from __future__ import annotations

from typing import Final

from langchain_latm.text.lexing.dates import MONTHS as _WRITTEN

MONTHS: Final[dict[str, tuple[str, ...]]] = {
    **{language: names for language, names in _WRITTEN.items() if language != "English, short"},
    **{
        language: tuple(names.split())
        for language, names in {
            "Hindi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
            "Russian": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
            "Finnish": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta "
            "syyskuuta lokakuuta marraskuuta joulukuuta",
        }.items()
    },
}
"""The months of a language, from January."""

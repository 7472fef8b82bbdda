"""The names of weekdays. They are general knowledge: no row has to confirm them."""

from __future__ import annotations

from typing import Final

WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {
    language: tuple(names.split())
    for language, names in {
        "English": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "German": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "French": "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "Spanish": "lunes martes miércoles jueves viernes sábado domingo",
        "Italian": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "Portuguese": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "Dutch": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "Danish": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "Norwegian": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "Swedish": "måndag tisdag onsdag torsdag fredag lördag söndag",
        "Polish": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        "Turkish": "Pazartesi Sal\u0131 Çarşamba Perşembe Cuma Cumartesi Pazar",
        "Hindi": "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
        "Russian": "понедельник вторник среда четверг пятница суббота воскресенье",
        "Finnish": "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
    }.items()
}
"""The weekdays of a language, from Monday."""

"""Kinds of columns that need general knowledge: notations, calendars, clocks, units and titles."""

from __future__ import annotations

from tests.unit_tests.making.synthesis.column_kinds import kind

KNOWN_KINDS = {
    "channel as hexadecimal": kind(3, """
        200 => 0xC8
        16 => 0x10
        171 => 0xAB
        4095 => 0xFFF"""),
    "mode in octal": kind(3, """
        493 => 755
        420 => 644
        448 => 700
        438 => 666"""),
    "Roman chapter": kind(3, """
        Chapter 4 => IV
        Chapter 19 => XIX
        Chapter 2 => II
        Chapter 44 => XLIV"""),
    "number of a king": kind(3, """
        Louis XIV => 14
        Henry VIII => 8
        George II => 2
        Sancho XL => 40"""),
    "name without titles": kind(3, """
        Dr. Ines Paz => Paz, Ines
        Omar Said, PhD => Said, Omar
        Lea Roth => Roth, Lea
        Prof. Dr. Uwe Lenz => Lenz, Uwe
        Ben Cole Jr. => Cole, Ben"""),
    "telephone of any form": kind(4, """
        (415) 555-0134 => 415-555-0134
        212.555.0178 => 212-555-0178
        646 555 0199 => 646-555-0199
        3055550111 => 305-555-0111
        (808)5550142 => 808-555-0142"""),
    "three months later": kind(3, """
        2024-01-31 => 2024-04-30
        2023-11-15 => 2024-02-15
        2022-06-01 => 2022-09-01
        2025-05-31 => 2025-08-31"""),
    "due after some days": kind(3, """
        2024-02-20 | 14 => 2024-03-05
        2023-12-24 | 30 => 2024-01-23
        2022-06-01 | 7 => 2022-06-08
        2024-02-28 | 1 => 2024-02-29"""),
    "day of the year": kind(3, """
        2024-03-01 => 61
        2023-12-31 => 365
        2023-01-09 => 9
        2024-12-31 => 366"""),
    "seconds as a duration": kind(3, """
        3725 => 1:02:05
        59 => 0:00:59
        7384 => 2:03:04
        36000 => 10:00:00"""),
    "shift in hours and minutes": kind(3, """
        08:15 | 16:45 => 08:30
        09:00 | 12:05 => 03:05
        07:50 | 17:00 => 09:10
        13:59 | 14:00 => 00:01"""),
    "minutes of a film": kind(3, """
        2h 5m => 125
        1h 58m => 118
        0h 47m => 47
        3h 0m => 180"""),
    "hours as a decimal": kind(3, """
        1:30 => 1.5
        0:45 => 0.75
        8:00 => 8
        12:15 => 12.25"""),
    "Fahrenheit to Celsius": kind(3, """
        98.6 => 37.0
        14 => -10.0
        70 => 21.1
        451 => 232.8"""),
    "watts without prefix": kind(3, """
        1.5 kW => 1500 W
        20 MW => 20000000 W
        750 mW => 0.75 W
        3 GW => 3000000000 W"""),
    "mean of three marks": kind(3, """
        2 | 3 | 4 => 3.0
        10 | 5 | 7 => 7.3
        1 | 1 | 2 => 1.3
        6 | 9 | 9 => 8.0"""),
    "largest of four": kind(4, """
        12 | 40 | 7 | 9 => 40
        88 | 2 | 31 | 5 => 88
        4 | 6 | 95 | 1 => 95
        3 | 8 | 2 | 71 => 71
        5 | 4 | 6 | 3 => 6"""),
    "release with one more": kind(4, """
        1.4.2 => 1.5.0
        0.9.11 => 0.10.0
        12.0.3 => 12.1.0
        3.7.0 => 3.8.0
        2.19.8 => 2.20.0"""),
    "shifted letters": kind(3, """
        kite => mkvg
        Zoo => Bqq
        plume => rnwog
        x-ray => z-tca"""),
    "area of a room": kind(4, """
        2.3 x 2.0 m => 4.60
        7.3 x 6.5 m => 47.45
        6.6 x 4.5 m => 29.70
        8.4 x 8.2 m => 68.88
        1.5 x 1.5 m => 2.25"""),
    "spelt out": kind(3, """
        kite => k i t e
        sun => s u n
        plume => p l u m e
        ox => o x"""),
    "without vowels": kind(3, """
        plume => plm
        Harbor => Hrbr
        orchid => rchd
        Ounce => nc"""),
}  # fmt: skip

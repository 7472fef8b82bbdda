"""Kinds of columns: rows with answers; the first are examples, the others are held out."""

from __future__ import annotations

from typing import Any, NamedTuple


class Kind(NamedTuple):
    """Rows of one kind.

    Attributes:
        shown: How many rows are examples.
        rows: Texts of the columns, and the answer.
    """

    shown: int
    rows: list[tuple[tuple[Any, ...], Any]]


def kind(shown: int, lines: str) -> Kind:
    """Read lines such as `left | right => answer`."""
    rows = []
    for line in lines.strip().splitlines():
        cells, answer = line.strip().split(" => ") if " => " in line.strip() else (line.strip()[:-3], "")
        rows.append((tuple(cell.strip() for cell in cells.split(" | ")), answer))
    return Kind(shown, rows)


KINDS = {
    "IBAN in groups": kind(3, """
        DE89370400440532013000 => DE89 3704 0044 0532 0130 00
        GB29NWBK60161331926819 => GB29 NWBK 6016 1331 9268 19
        FR1420041010050500013M02606 => FR14 2004 1010 0505 0001 3M02 606
        NL91ABNA0417164300 => NL91 ABNA 0417 1643 00
        NO9386011117947 => NO93 8601 1117 947"""),
    "country of an IBAN": kind(2, """
        DE89 3704 0044 0532 0130 00 => DE
        GB29 NWBK 6016 1331 9268 19 => GB
        NO93 8601 1117 947 => NO"""),
    "licence plate": kind(3, """
        hh-ab 1234 => HH AB 1234
        m-x 77 => M X 77
        pir-qq 5 => PIR QQ 5
        b-zz 9001 => B ZZ 9001"""),
    "level of a log line": kind(3, """
        2024-05-01 12:00:01 [ERROR] disk full => ERROR
        2024-05-02 09:14:55 [INFO] started in 3 s => INFO
        2023-11-30 23:59:59 [WARN] retry [2] => WARN
        2023-12-01 00:00:00 [DEBUG] x => DEBUG"""),
    "message of a log line": kind(3, """
        2024-05-01 12:00:01 [ERROR] disk full => disk full
        2024-05-02 09:14:55 [INFO] started in 3 s => started in 3 s
        2023-11-30 23:59:59 [WARN] retry => retry
        2023-12-01 00:00:00 [DEBUG] x = y => x = y"""),
    "number of a product code": kind(3, """
        AB-0042-X => 42
        QRS-0107-YY => 107
        T-9000-Z => 9000
        ZZ-0003-A => 3"""),
    "file name": kind(3, """
        /home/ada/notes.txt => notes.txt
        /var/log/syslog.1 => syslog.1
        /tmp/a/b/c/d.tar.gz => d.tar.gz
        /x.md => x.md"""),
    "file stem": kind(3, """
        /home/ada/notes.txt => notes
        /var/log/mail.log => mail
        /srv/www/my.site/index.html => index
        /tmp/a/b/c/d.gz => d"""),
    "extension in capitals": kind(3, """
        report.pdf => PDF
        photo.final.jpeg => JPEG
        archive.tar.gz => GZ
        a.b.c.txt => TXT"""),
    "host of a URL": kind(3, """
        https://www.example.com/a/b => www.example.com
        http://shop.test.org/item?id=3 => shop.test.org
        https://localhost/ => localhost
        ftp://files.uni.edu/pub/x.zip => files.uni.edu"""),
    "query value": kind(3, """
        https://a.com/?id=17&x=2 => 17
        https://b.org/p?id=4&y=abc => 4
        http://c.net/q/r?id=905&z= => 905
        https://d.io/?id=33&id2=4 => 33"""),
    "name with a particle": kind(3, """
        Ludwig van Beethoven => van Beethoven, Ludwig
        Vincent van Gogh => van Gogh, Vincent
        Rembrandt van Rijn => van Rijn, Rembrandt
        Anton van Leeuwenhoek => van Leeuwenhoek, Anton"""),
    "last name first": kind(3, """
        Ada Lovelace => LOVELACE, Ada
        Alan Turing => TURING, Alan
        Grace Hopper => HOPPER, Grace
        Katherine Johnson => JOHNSON, Katherine"""),
    "initials": kind(3, """
        Ada King Lovelace => A.K.L.
        Alan Turing => A.T.
        Grace Brewster Murray Hopper => G.B.M.H.
        Jo Li => J.L."""),
    "German date": kind(3, """
        3. März 2024 => 2024-03-03
        17. Oktober 1999 => 1999-10-17
        1. Januar 2010 => 2010-01-01
        24. Dezember 2001 => 2001-12-24
        9. Mai 2015 => 2015-05-09"""),
    "Hindi date": kind(3, """
        3 मार्च 2024 => 2024-03-03
        17 अक्टूबर 1999 => 1999-10-17
        1 जनवरी 2010 => 2010-01-01
        24 दिसंबर 2001 => 2001-12-24"""),
    "Japanese date": kind(3, """
        2024年3月5日 => 2024-03-05
        1999年10月17日 => 1999-10-17
        2010年1月1日 => 2010-01-01
        2001年12月24日 => 2001-12-24"""),
    "ISO date to English": kind(3, """
        2024-03-05 => March 5, 2024
        1999-10-17 => October 17, 1999
        2010-01-01 => January 1, 2010
        2001-12-24 => December 24, 2001
        2020-02-09 => February 9, 2020"""),
    "weekday of a date": kind(3, """
        2024-03-05 => Tuesday
        1999-10-17 => Sunday
        2010-01-01 => Friday
        2001-12-24 => Monday
        2020-02-29 => Saturday"""),
    "a week later": kind(3, """
        2024-03-05 => 2024-03-12
        1999-10-28 => 1999-11-04
        2010-12-31 => 2011-01-07
        2001-02-24 => 2001-03-03"""),
    "date without marks": kind(3, """
        20240305 => 05.03.2024
        19991017 => 17.10.1999
        20100101 => 01.01.2010
        20011224 => 24.12.2001"""),
    "24 hours to 12": kind(4, """
        00:05 => 12:05 AM
        12:00 => 12:00 PM
        13:45 => 1:45 PM
        09:30 => 9:30 AM
        23:59 => 11:59 PM
        01:01 => 1:01 AM"""),
    "12 hours to 24": kind(4, """
        12:05 AM => 00:05
        12:00 PM => 12:00
        1:45 PM => 13:45
        9:30 AM => 09:30
        11:59 PM => 23:59
        1:01 AM => 01:01"""),
    "an hour and a half later": kind(3, """
        09:00 => 10:30
        22:45 => 00:15
        11:59 => 13:29
        00:00 => 01:30
        23:30 => 01:00"""),
    "minutes to hours": kind(4, """
        90 => 1:30
        125 => 2:05
        60 => 1:00
        601 => 10:01
        59 => 0:59
        1440 => 24:00"""),
    "Celsius to Fahrenheit": kind(4, """
        0 => 32.0
        100 => 212.0
        37.5 => 99.5
        -40 => -40.0
        21.3 => 70.3
        18 => 64.4"""),
    "miles with their unit": kind(4, """
        5 mi => 8.05 km
        10 mi => 16.09 km
        26.2 mi => 42.16 km
        100 mi => 160.93 km
        1 mi => 1.61 km
        62 mi => 99.78 km"""),
    "price in cents": kind(3, """
        $12.50 => 1250
        $0.99 => 99
        $100.00 => 10000
        $0.05 => 5
        $7.10 => 710"""),
    "German currency": kind(3, """
        1234.5 => 1.234,50 €
        99 => 99,00 €
        1000000.25 => 1.000.000,25 €
        0.5 => 0,50 €
        20500.1 => 20.500,10 €"""),
    "grouped digits": kind(3, """
        1234567 => 1,234,567
        1000 => 1,000
        999 => 999
        20500 => 20,500
        5 => 5"""),
    "rounded": kind(4, """
        3.14159 => 3.14
        2.71828 => 2.72
        10 => 10.00
        0.005 => 0.01
        99.999 => 100.00
        1.005 => 1.01"""),
    "ISBN without marks": kind(3, """
        0-306-40615-2 => 0306406152
        978-3-16-148410-0 => 9783161484100
        0-00-000000-0 => 0000000000
        1-4028-9462-7 => 1402894627"""),
    "ISBN with leading zeros": kind(3, """
        306406152 => 0306406152
        1402894627 => 1402894627
        7 => 0000000007
        12345 => 0000012345"""),
    "phone with country code": kind(3, """
        030 1234567 => +49 30 1234567
        089 998877 => +49 89 998877
        0221 5550 => +49 221 5550
        040 11 => +49 40 11"""),
    "emoji at the end": kind(3, """
        well done 🎉 => 🎉
        thanks 🙏 => 🙏
        good morning ☀ => ☀
        so tired 😴 => 😴"""),
    "right to left": kind(3, """
        משה כהן => כהן, משה
        שרה לוי => לוי, שרה
        דוד בן => בן, דוד
        רחל מזרחי => מזרחי, רחל"""),
    "snake case": kind(3, """
        userName => user_name
        totalPriceNet => total_price_net
        id => id
        lastLoginAt => last_login_at"""),
    "camel case": kind(3, """
        user_name => userName
        total_price_net => totalPriceNet
        last_login_at => lastLoginAt
        a_b_c => aBC"""),
    "slug": kind(3, """
        Hello, World! => hello-world
        Ten Tips & Tricks => ten-tips-tricks
        A  B => a-b
        What's new? => what-s-new"""),
    "domain of a mail address": kind(3, """
        ada@example.com => example.com
        alan.turing@mail.kings.ac.uk => mail.kings.ac.uk
        grace@navy.mil => navy.mil
        x@example.org => example.org"""),
    "mail address": kind(3, """
        Ada Lovelace | example.com => ada.lovelace@example.com
        Alan Turing | kings.ac.uk => alan.turing@kings.ac.uk
        Grace Hopper | navy.mil => grace.hopper@navy.mil
        Jo Li | a.b => jo.li@a.b"""),
    "street and number": kind(3, """
        Main Street | 12 | Springfield => 12 Main Street, Springfield
        Oak Avenue | 7 | Shelbyville => 7 Oak Avenue, Shelbyville
        Elm Road | 104b | Ogdenville => 104b Elm Road, Ogdenville
        Pine | 1 | X => 1 Pine, X"""),
    "sum of two columns": kind(3, """
        12 | 30 => 42
        7 | 5 => 12
        100 | 250 => 350
        0 | 9 => 9
        33 | 34 => 67"""),
    "share in percent": kind(4, """
        1 | 4 => 25%
        3 | 8 => 38%
        7 | 7 => 100%
        1 | 3 => 33%
        2 | 3 => 67%
        9 | 10 => 90%"""),
    "number of words": kind(3, """
        one two three => 3
        hello => 1
        a b c d e => 5
        the end => 2"""),
    "length of a text": kind(3, """
        abc => 3
        hello world => 11
        x => 1
        four => 4"""),
    "ordinal number": kind(4, """
        1 => 1st
        2 => 2nd
        13 => 13th
        23 => 23rd
        11 => 11th
        100 => 100th
        42 => 42nd"""),
    "short month of a number": kind(3, """
        2024/03 => Mar 2024
        1999/10 => Oct 1999
        2010/01 => Jan 2010
        2001/12 => Dec 2001
        2005/05 => May 2005"""),
    "part that may be missing": kind(5, """
        Smith, John (Bob) => Bob
        Miller, Ann =>
        Brown, Tim (Timmy) => Timmy
        Jones, Eva =>
        Clark, Lou (L) => L
        White, Kim =>
        Green, Max (Maxi) => Maxi"""),
    "accents removed": kind(3, """
        café => cafe
        naïve résumé => naive resume
        São Tomé => Sao Tome
        Ünal Çelik => Unal Celik"""),
    "version without patch": kind(3, """
        1.12.3 => 1.12
        2.0.10 => 2.0
        10.4.44 => 10.4
        3.3.3 => 3.3"""),
    "coordinates": kind(3, """
        POINT (13.40 52.52) => 52.52, 13.40
        POINT (2.35 48.85) => 48.85, 2.35
        POINT (-0.12 51.5) => 51.5, -0.12
        POINT (139.69 35.68) => 35.68, 139.69"""),
}  # fmt: skip
"""Invented for these tests."""

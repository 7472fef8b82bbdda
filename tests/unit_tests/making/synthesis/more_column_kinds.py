"""More kinds of columns, invented after the search was written for the first ones: it solved 30 of them at once."""

from __future__ import annotations

from tests.unit_tests.making.synthesis.column_kinds import kind

MORE_KINDS = {
    "masked card": kind(3, """
        4111111111111111 => ************1111
        5500005555555559 => ************5559
        340000000000009X => ************009X
        6011000000000004 => ************0004"""),
    "days between": kind(4, """
        2024-01-01 | 2024-01-31 => 30
        2024-02-28 | 2024-03-01 => 2
        2023-12-25 | 2024-01-01 => 7
        2020-01-01 | 2021-01-01 => 366
        2022-05-05 | 2022-05-05 => 0"""),
    "duration of times": kind(4, """
        09:00 | 10:30 => 90
        12:15 | 12:45 => 30
        08:00 | 17:00 => 540
        10:10 | 11:11 => 61
        00:00 | 23:59 => 1439"""),
    "optional middle": kind(5, """
        Ada | King | Lovelace => Ada K. Lovelace
        Alan |  | Turing => Alan Turing
        Grace | Brewster | Hopper => Grace B. Hopper
        John | von | Neumann => John v. Neumann
        Emmy |  | Noether => Emmy Noether
        Kurt | F | Godel => Kurt F. Godel
        Max |  | Planck => Max Planck"""),
    "grade": kind(8, """
        95 => pass
        40 => fail
        60 => pass
        49 => fail
        50 => pass
        12 => fail
        77 => pass
        30 => fail
        99 => pass
        5 => fail"""),
    "label": kind(6, """
        yes => 1
        no => 0
        yes => 1
        no => 0
        no => 0
        yes => 1
        no => 0"""),
    "country lookup": kind(7, """
        DE | 12 => Germany 12
        FR | 5 => France 5
        DE | 7 => Germany 7
        FR | 99 => France 99
        IT | 1 => Italy 1
        IT | 4 => Italy 4
        DE | 100 => Germany 100
        IT | 50 => Italy 50
        FR | 2 => France 2"""),
    "path segment": kind(3, """
        /api/v1/users/17/posts => users
        /api/v2/items/3 => items
        /api/v1/orders/9/lines/2 => orders
        /api/v3/x => x"""),
    "file size": kind(4, """
        2048 => 2 KB
        10240 => 10 KB
        1024 => 1 KB
        512000 => 500 KB
        3072 => 3 KB"""),
    "kg to g": kind(4, """
        1.5 kg => 1500 g
        0.25 kg => 250 g
        12 kg => 12000 g
        3.1 kg => 3100 g
        0.007 kg => 7 g"""),
    "US phone": kind(3, """
        2125551234 => (212) 555-1234
        4155550000 => (415) 555-0000
        3035559876 => (303) 555-9876
        9995551111 => (999) 555-1111"""),
    "postal code out of address": kind(3, """
        Main St 5, 10115 Berlin => 10115
        Long Road 117, 80331 Munich => 80331
        Am Markt 1a, 20095 Hamburg => 20095
        Platz 22, 50667 Cologne => 50667"""),
    "city out of address": kind(3, """
        Main St 5, 10115 Berlin => Berlin
        Long Road 117, 80331 Munich => Munich
        Am Markt 1a, 20095 Bad Homburg => Bad Homburg
        Platz 22, 50667 Cologne => Cologne
        A 1, 60311 Frankfurt am Main => Frankfurt am Main"""),
    "amount with currency": kind(4, """
        EUR 12.50 => 12.50 EUR
        USD 3.99 => 3.99 USD
        GBP 100.00 => 100.00 GBP
        CHF 7 => 7 CHF"""),
    "thousands to plain": kind(3, """
        1,234 => 1234
        12 => 12
        1,000,000 => 1000000
        56,789 => 56789"""),
    "decimal comma to point": kind(3, """
        1.234,56 => 1234.56
        0,5 => 0.5
        12,75 => 12.75
        1.000.000,1 => 1000000.1"""),
    "percent": kind(4, """
        0.25 => 25%
        0.5 => 50%
        1 => 100%
        0.07 => 7%
        0.333 => 33.3%"""),
    "net price": kind(5, """
        119 => 100.00
        11.90 => 10.00
        59.5 => 50.00
        1.19 => 1.00
        238 => 200.00
        23.8 => 20.00"""),
    "sorted words": kind(3, """
        pear apple fig => apple fig pear
        b a => a b
        zeta beta eta => beta eta zeta
        one two three four => four one three two"""),
    "reversed words": kind(3, """
        one two three => three two one
        hello world => world hello
        a b c d => d c b a
        x => x"""),
    "acronym upper": kind(3, """
        portable network graphics => PNG
        hyper text markup language => HTML
        as soon as possible => ASAP
        random access memory => RAM"""),
    "full date range": kind(3, """
        2024-03-05/2024-03-09 => 05.03. - 09.03.2024
        2023-11-01/2023-11-30 => 01.11. - 30.11.2023
        2020-02-10/2020-02-20 => 10.02. - 20.02.2020
        2019-07-07/2019-07-08 => 07.07. - 08.07.2019"""),
    "English to ISO": kind(3, """
        March 5, 2024 => 2024-03-05
        Oct 17, 1999 => 1999-10-17
        January 1, 2010 => 2010-01-01
        Dec 24, 2001 => 2001-12-24"""),
    "French long": kind(3, """
        05/03/2024 => mardi 5 mars 2024
        17/10/1999 => dimanche 17 octobre 1999
        01/01/2010 => vendredi 1 janvier 2010
        24/12/2001 => lundi 24 décembre 2001"""),
    "quarter": kind(4, """
        2024-03-05 => Q1 2024
        1999-10-17 => Q4 1999
        2010-06-01 => Q2 2010
        2001-08-24 => Q3 2001
        2003-05-01 => Q2 2003"""),
    "datetime": kind(3, """
        2024-03-05T09:30:00Z => 05/03/2024 09:30
        1999-10-17T23:05:59Z => 17/10/1999 23:05
        2010-01-01T00:00:00Z => 01/01/2010 00:00
        2001-12-24T18:45:10Z => 24/12/2001 18:45"""),
    "log time to 12h": kind(4, """
        [05/Mar/2024:09:30:00 +0000] => 9:30 AM
        [17/Oct/1999:23:05:59 +0000] => 11:05 PM
        [01/Jan/2010:00:00:00 +0000] => 12:00 AM
        [24/Dec/2001:18:45:10 +0000] => 6:45 PM
        [24/Dec/2001:12:45:10 +0000] => 12:45 PM"""),
    "seconds to mm:ss": kind(4, """
        90 => 1:30
        125 => 2:05
        59 => 0:59
        600 => 10:00
        61 => 1:01"""),
    "is email": kind(8, """
        a@b.c => valid
        abc => invalid
        x.y@z.org => valid
        foo.com => invalid
        me@me => valid
        none => invalid
        q@w.e => valid
        http://x.y => invalid
        r@t.z => valid
        tt => invalid"""),
    "longer of": kind(6, """
        3 | 7 => 7
        9 | 2 => 9
        4 | 4 => 4
        10 | 11 => 11
        100 | 20 => 100
        0 | 5 => 5
        8 | 1 => 8"""),
    "html tag": kind(3, """
        <b>bold</b> => bold
        <i>it alic</i> => it alic
        <h1>Title</h1> => Title
        <p>x</p> => x"""),
    "key of pair": kind(3, """
        name=Ada; age=36 => 36
        name=Bo; age=7 => 7
        name=Cy Young; age=101 => 101
        name=D; age=55 => 55"""),
    "truncate": kind(4, """
        hello world => hello...
        goodbye => goodb...
        absolutely => absol...
        somewhat => somew...
        interesting => inter..."""),
    "hashtag": kind(3, """
        big data => #BigData
        open source software => #OpenSourceSoftware
        ai => #Ai
        machine learning => #MachineLearning"""),
    "surname initial caps": kind(3, """
        de la Cruz, Maria => Maria DE LA CRUZ
        Smith, John => John SMITH
        van Dyke, Dick => Dick VAN DYKE
        Ng, Andrew => Andrew NG"""),
    "gene id": kind(3, """
        chr1:1000-2000 => 1000
        chrX:55-100 => 55
        chr12:7-9 => 7
        chr3:123456-123460 => 123456"""),
    "length of range": kind(4, """
        chr1:1000-2000 => 1000
        chrX:55-100 => 45
        chr12:7-9 => 2
        chr3:123456-123460 => 4
        chr2:1-10 => 9"""),
    "dims area": kind(4, """
        3x4 => 12
        10x2 => 20
        7x7 => 49
        5x11 => 55
        1x9 => 9"""),
    "mean of two": kind(4, """
        3 | 5 => 4.0
        10 | 11 => 10.5
        0 | 1 => 0.5
        7 | 7 => 7.0
        9 | 2 => 5.5"""),
    "street no number": kind(3, """
        Main St 5 => Main St
        Long Road 117 => Long Road
        Am Markt 1 => Am Markt
        Unter den Linden 77 => Unter den Linden"""),
    "strip prefix id": kind(3, """
        ID: 0042 => 42
        ID: 7 => 7
        ID: 0900 => 900
        ID: 0001 => 1"""),
    "binary flag": kind(6, """
        active (2020) => 1
        inactive (2019) => 0
        active (2001) => 1
        inactive (1999) => 0
        active (2011) => 1
        inactive (2012) => 0
        active (1998) => 1
        inactive (2000) => 0"""),
}  # fmt: skip

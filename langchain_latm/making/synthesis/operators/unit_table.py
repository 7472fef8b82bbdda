"""A table of units by names and symbols, with exact factors: general knowledge that a tool holds as a text.

Factors are those of NIST SP 811 (2008), appendix B, and NIST SP 1038 (2006); prefixes are those of the SI (2022) and of
IEC 80000-13. A year of 365 days is NIST's; other years, and units that differ by country, are readings with a label, of
which examples choose one.
"""

from __future__ import annotations

from typing import Final

UNIT_PREFIXES: Final = """\
quetta Q 30;ronna R 27;yotta Y 24;zetta Z 21;exa E 18;peta P 15;tera T 12;giga G 9;mega M 6;kilo k 3;hecto h 2;deca da 1
deka da 1;deci d -1;centi c -2;milli m -3;micro µ -6;micro μ -6;micro u -6;nano n -9;pico p -12;femto f -15;atto a -18
zepto z -21;yocto y -24;ronto r -27;quecto q -30"""
"""Name, symbol and power of ten of each SI prefix."""

UNIT_TABLE: Final = """\
L;n1;si;metre,meter;m
L;n254e-4;;inch,inches;in,\u2033,"
L;n3048e-4;;foot,feet;ft,\u2032,'
L;n9144e-4;;yard;yd,yds
L;n1609344e-3;;mile,statute mile;mi
L;n1852;;nautical mile,sea mile;nmi,NM
L;n254e-7;;mil,thou;
L;n50292e-4;;rod;
L;n201168e-4;;chain;
L;n201168e-3;;furlong;fur
L;n18288e-4;;fathom;ftm
L;n1e-6;;micron;
L;n1e-10;;angstrom,ångström;Å
L;n1495978707e2;;astronomical unit;au,AU
L;n94607304725808e2;;light year,lightyear;ly
L;n30856775814913673;si;parsec;pc
L2;n40468564224e-7;;acre;ac
L2;n1e4;;hectare;ha
L2;n9290304e-8;;;sqft,sf
L3;n1e-3;si;litre,liter;l,L,\u2113
L3;n1e-6;;;cc
L3;n28316846592e-12;;;cuft,cf
L3;n3785411784e-12,n454609e-8;;gallon;gal;customary=us,imperial
L3;n946352946e-12,n11365225e-10;;quart;qt,qts;customary=us,imperial
L3;n473176473e-12,n56826125e-11;;pint;pt,pts;customary=us,imperial
L3;n2365882365e-13,n284130625e-12,n25e-5;;cup;;customary=us,imperial,metric
L3;n295735295625e-16,n284130625e-13;;fluid ounce,ounce;fl oz,floz,oz;customary=us,imperial
L3;n1478676478125e-17,n15e-6;;tablespoon;tbsp,tbs,Tbsp;customary=us,metric
L3;n492892159375e-17,n5e-6;;teaspoon;tsp;customary=us,metric
L3;n158987294928e-12,n1192404711960e-13;;barrel;bbl;barrel=oil,us
L3;n3523907016688e-14,n3636872e-8;;bushel;bu;customary=us,imperial
L3;n123348183754752e-11;;acre foot,acre feet;
M;n1e-3;si;gram,gramme;g
M;n1e3;name;tonne,metric ton;t
M;n1e6;;;kt
M;n1e9;;;Mt
M;n45359237e-8;;pound,avoirdupois pound;lb,lbs,lbm
M;n28349523125e-12;;ounce,avoirdupois ounce;oz
M;n3110347680e-11;;troy ounce;oz t,ozt
M;n6479891e-11;;grain;gr
M;n2e-4;;carat;ct
M;n635029318e-8;;stone;st
M;n90718474e-5;;short ton;
M;n10160469088e-7;;long ton;
M;n90718474e-5,n10160469088e-7,n1e3;;ton;;customary=us,imperial,metric
M;n45359237e-6,n5080234544e-8;;hundredweight;cwt;customary=us,imperial
T;n1;si;second,sec;s
T;n60;;minute;min,mins,m
T;n3600;;hour;h,hr,hrs
T;n86400;;day;d
T;n604800;;week;wk,wks
T;n1209600;;fortnight;
T;n2628000,n2629800,n2629746;;month;mo,mos;year=365,julian,gregorian
T;n31536000,n31557600,n31556952;;year;yr,yrs;year=365,julian,gregorian
T-1;n1;si;hertz;Hz
A;n1;si;radian;rad
A;p1/180;;degree,arc degree;°,deg
A;p1/10800;;arcminute,arc minute,minute of arc,minutes of arc;arcmin
A;p1/648000;;arcsecond,arc second,second of arc,seconds of arc;arcsec
A;p1/200;;gradian,gon;grad
A;p2;;turn,revolution;rev
AT-1;p1/30;;;rpm
K;n1;si;kelvin,degree kelvin,degrees kelvin;K
K;n1+27315e-2;;celsius,degree celsius,degrees celsius,centigrade;°C,° C,℃,C,degC
K;n5/9+45967e-2;;fahrenheit,degree fahrenheit,degrees fahrenheit;°F,° F,℉,F,degF
K;n5/9;;rankine,degree rankine,degrees rankine;°R,°Ra,R,degR
I;n1;si;ampere,amp;A
IT;n1;si;coulomb;C
IT;n3600;si;ampere hour,amp hour;Ah
ML2T-3I-1;n1;si;volt;V
ML2T-3I-2;n1;si;ohm;Ω,Ω,ohm
M-1L-2T3I2;n1;si;siemens;S
M-1L-2T4I2;n1;si;farad;F
ML2T-2I-2;n1;si;henry,henries;H
ML2T-2I-1;n1;si;weber;Wb
MT-2I-1;n1;si;tesla;T
MT-2I-1;n1e-4;name;gauss;G
N;n1;si;mole;mol
NT-1;n1;si;katal;kat
J;n1;si;candela;cd
JA2;n1;si;lumen;lm
JA2L-2;n1;si;lux;lx
R;n1;si;becquerel;Bq
R;n37e9;si;curie;Ci
L2T-2S;n1;si;gray;Gy
L2T-2Q;n1;si;sievert;Sv
MLT-2;n1;si;newton;N
MLT-2;n1e-5;name;dyne;dyn
MLT-2;n980665e-5;;kilogram force,kilograms force,kilopond;kgf,kp
MLT-2;n44482216152605e-13;;pound force,pounds force,pound,pound of force,pounds of force;lbf,lb,lbs
MLT-2;n2780138509537812500e-19;;ounce force,ounces force;ozf
MLT-2;n44482216152605e-10;;kip;kip
ML-1T-2;n1;si;pascal;Pa
ML-1T-2;n1e5;si;bar;bar
ML-1T-2;n101325;;atmosphere,standard atmosphere;atm
ML-1T-2;n101325/760;;torr;Torr
ML-1T-2;n133322387415e-9;;millimetre of mercury,millimeter of mercury;mmHg,mm Hg
ML-1T-2;n3386388640341e-9;;inch of mercury,inches of mercury;inHg,in Hg
ML-1T-2;n44482216152605e-13/64516e-8;;;psi
ML-1T-2;n44482216152605e-10/64516e-8;;;ksi
ML2T-2;n1;si;joule;J
ML2T-2;n3600;si;watt hour;Wh
ML2T-2;n1602176634e-28;si;electronvolt,electron volt;eV
ML2T-2;n1e-7;;erg;erg
ML2T-2;n4184e-3;si;gram calorie,small calorie;cal
ML2T-2;n4184;;kilocalorie,food calorie,large calorie;Cal
ML2T-2;n4184e-3,n4184;;calorie;;calorie=small,food
ML2T-2;n105505585262e-8;;british thermal unit;Btu,BTU,btu
ML2T-2;n13558179483314004e-16;;foot pound,pound foot,pound feet;lb ft,ft lb,ft lbs,ft lbf
ML2T-2;n1;si;newton metre,newton meter;Nm,N m
ML2T-3;n1;si;watt;W
ML2T-3;n74569987158227022e-14;;horsepower,mechanical horsepower;hp,HP
ML2T-3;n73549875e-5;;metric horsepower;PS
LT-1;n1852/3600;;knot;kn,kt,kts
LT-1;n44704e-5;;;mph
LT-1;n1/36e-1;;;kph,kmh
LT-1;n3048e-4;;;fps
ML-1T-1;n1e-1;si;poise;P
L2T-1;n1e-4;si;stokes;St
B;n1;bit;bit;b,bit
B;n8;byte;byte;B
BT-1;n1;bit;;bps"""
"""A unit on each line: dimension; factor to base units of the SI; prefixes; names; symbols.

A name of several readings has a factor for each, and at the end what decides among them, with a label of each. A factor
is `n` and a number, or `p` and a number times pi, with its divisor; temperatures add a number before. The letters keep
factors apart from answers such as "3600": a tool's literals are searched for answers of its examples.
"""
